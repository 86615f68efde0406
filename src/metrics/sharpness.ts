import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { gaussianBlur } from '../motion/gaussian.ts';

/**
 * The two Gaussians whose difference is the band that is looked at, inter-ocular distances: lashes, brows, the edges of lips and
 * teeth. Finer than that is mostly grain, coarser is shading.
 */
const FINE = 0.02;
const COARSE = 0.04;

/**
 * How much detail a face has, per cent of its brightness: mean absolute difference of the luma between two Gaussians of 2 and 4 %
 * of the inter-ocular distance, weighted by the matte, over the mean luma. Exposure leaves it as it is, and a scratch weighs no
 * more than the pixels that it covers.
 *
 * @param luma of a patch, `Float32Array` of size², 0 … 1; size even
 * @param matte size², 0 … 1
 */
export function faceSharpness(luma: Float32Array, matte: Float32Array, size: number): number {
  const half = size >> 1;
  const unit = PATCH_INTER_OCULAR * half;
  const picture = { width: half, height: half, samples: halfOf(luma, size) };
  const fine = gaussianBlur(picture, FINE * unit).samples;
  const coarse = gaussianBlur(picture, COARSE * unit).samples;
  const weights = halfOf(matte, size);
  let band = 0;
  let light = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    band += weight * Math.abs((fine[i] as number) - (coarse[i] as number));
    light += weight * (picture.samples[i] as number);
  }
  return light > 0 ? (100 * band) / light : 0;
}

/** Means of 2 × 2: a quarter of the work, and the band lies well below. */
function halfOf(plane: Float32Array, size: number): Float32Array {
  const half = size >> 1;
  const out = new Float32Array(half * half);
  for (let y = 0, o = 0; y < half; y++) {
    for (let x = 0, i = 2 * y * size; x < half; x++, o++, i += 2) {
      const above = (plane[i] as number) + (plane[i + 1] as number);
      out[o] = (above + (plane[i + size] as number) + (plane[i + size + 1] as number)) / 4;
    }
  }
  return out;
}
