import { CROP_GROWTH, type Crop } from '../face/crop.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Similarity } from '../face/similarity.ts';
import { type ContractOf, pictureOf } from './contract.ts';
import { resample, sideOf } from './resample.ts';

/** A face as a landmark network takes it, by the name of its input, and what carries the input's pixels to the picture's. */
export interface CroppedFace {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly toPicture: Similarity;
}

/** The crop, which is made for FaceMesh, as large as the contract wants it. */
export function cropFace(picture: RgbPicture, crop: Crop, contract: ContractOf<'landmark'>): CroppedFace {
  const input = pictureOf(contract);
  const { template } = contract;
  const side = sideOf(input);
  const growth = template.name === 'turned-square' ? template.growth / CROP_GROWTH : 1;
  const a = ((growth * crop.size) / side) * Math.cos(crop.angle);
  const b = ((growth * crop.size) / side) * Math.sin(crop.angle);
  const toPicture = { a, b, tx: crop.x - ((a - b) * side) / 2, ty: crop.y - ((a + b) * side) / 2 };
  return { inputs: { [input.name]: resample(picture, toPicture, input, 'repeat') }, toPicture };
}
