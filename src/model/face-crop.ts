import { CROP_GROWTH, type Crop } from '../face/crop.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Similarity } from '../face/similarity.ts';
import { type ContractOf, pictureOf } from './contract.ts';
import type { PicturePort } from './port.ts';
import { resample, sideOf } from './resample.ts';

/** The input of a landmark network for one face, by the input's name, and the similarity from its pixels to the picture's. */
export interface CroppedFace {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly toPicture: Similarity;
}

/**
 * The crop, which is made for FaceMesh, as large as the contract wants it.
 *
 * @param isMirrored true: the input is the crop's mirror image; `toPicture` is still that of the crop itself
 */
export function cropFace(
  picture: RgbPicture,
  crop: Crop,
  contract: ContractOf<'landmark'>,
  isMirrored = false,
): CroppedFace {
  const input = pictureOf(contract);
  const { template } = contract;
  const side = sideOf(input);
  const growth = template.name === 'turned-square' ? template.growth / CROP_GROWTH : 1;
  const a = ((growth * crop.size) / side) * Math.cos(crop.angle);
  const b = ((growth * crop.size) / side) * Math.sin(crop.angle);
  const toPicture = { a, b, tx: crop.x - ((a - b) * side) / 2, ty: crop.y - ((a + b) * side) / 2 };
  const tensor = resample(picture, toPicture, input, 'repeat');
  return { inputs: { [input.name]: isMirrored ? mirrorTensor(tensor, input) : tensor }, toPicture };
}

/** The tensor of a picture's mirror image. */
function mirrorTensor(tensor: Float32Array, port: PicturePort): Float32Array {
  const side = sideOf(port);
  const channels = port.layout === 'NHWC' ? 3 : 1;
  const stride = side * channels;
  const mirrored = new Float32Array(tensor.length);
  for (let row = 0; row < tensor.length; row += stride) {
    for (let x = 0; x < stride; x += channels) {
      for (let c = 0; c < channels; c++) mirrored[row + x + c] = tensor[row + stride - channels - x + c] as number;
    }
  }
  return mirrored;
}
