import { CROP_GROWTH, type Crop } from '../face/crop.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Similarity } from '../face/similarity.ts';
import type { ContractOf } from './contract.ts';
import { resample, sideOf } from './resample.ts';

/** A face as a landmark network takes it, and what carries the input's pixels to the picture's. */
export interface CroppedFace {
  readonly input: Float32Array;
  readonly toPicture: Similarity;
}

/** The crop, which is made for FaceMesh, as large as the contract wants it. */
export function cropFace(picture: RgbPicture, crop: Crop, { input, template }: ContractOf<'landmark'>): CroppedFace {
  const side = sideOf(input);
  const growth = template.name === 'turned-square' ? template.growth / CROP_GROWTH : 1;
  const a = ((growth * crop.size) / side) * Math.cos(crop.angle);
  const b = ((growth * crop.size) / side) * Math.sin(crop.angle);
  const toPicture = { a, b, tx: crop.x - ((a - b) * side) / 2, ty: crop.y - ((a + b) * side) / 2 };
  return { input: resample(picture, toPicture, input, 'repeat'), toPicture };
}
