import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { applyX, applyY } from '../../face/similarity.ts';
import { clamp, mix } from '../../film/interpolate.ts';
import { gaussianBlur } from '../../motion/gaussian.ts';
import { type CropFrame, cropPlaceOf } from '../crop/crop-place.ts';

/** Side of the square on which masks of patches are kept, whatever the patch's: XSeg's own. */
export const MASK_SIDE = 256;

/** A masker's answer (of the side²) laid over a patch: `Float32Array` of `MASK_SIDE`², bilinear means over each pixel, its edge repeated. */
export function onMaskGrid(answer: Float32Array, frame: CropFrame): Float32Array {
  const { side } = frame;
  const { toCrop } = cropPlaceOf(frame, MASK_SIDE);
  const taps = Math.max(1, Math.round(Math.hypot(toCrop.a, toCrop.b)));
  const offsets = Array.from({ length: taps }, (_, k) => (k + 0.5) / taps);
  return Float32Array.from({ length: MASK_SIDE ** 2 }, (_, i) => {
    let sum = 0;
    for (const dy of offsets) {
      for (const dx of offsets) {
        const [x, y] = [(i % MASK_SIDE) + dx, Math.floor(i / MASK_SIDE) + dy];
        sum += sampleAt(answer, side, applyX(toCrop, x, y), applyY(toCrop, x, y));
      }
    }
    return sum / (taps * taps);
  });
}

/** Bilinear between pixel centres, the edge repeated. */
function sampleAt(plane: Float32Array, side: number, x: number, y: number): number {
  const [u, v] = [clamp(x - 0.5, 0, side - 1), clamp(y - 0.5, 0, side - 1)];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, low] = [Math.min(side - 1, left + 1), Math.min(side - 1, top + 1)];
  const at = (column: number, row: number) => plane[row * side + column] as number;
  return mix(mix(at(left, top), at(right, top), u - left), mix(at(left, low), at(right, low), u - left), v - top);
}

/** Where all masks see the face: pixel by pixel the least. */
export function commonMask(masks: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(MASK_SIDE ** 2), ...others] = masks;
  return others.reduce((least, mask) => least.map((v, i) => Math.min(v, mask[i] as number)), first);
}

/** What the softening of a mask is multiplied by for what is thinner than it, a finger or a wire, which a wide Gaussian would lose. */
const THIN = 1 / 3;

/**
 * A mask under a Gaussian whose standard deviation is `softness` inter-ocular distances, as FaceFusion softens it, but no higher than
 * under one of a third: ½ on the edge of what is before the face, and less on all of that, however thin it is.
 */
export function softened(mask: Float32Array, softness: number): Float32Array {
  const sigma = softness * PATCH_INTER_OCULAR * MASK_SIDE;
  const under = (deviation: number) =>
    gaussianBlur({ width: MASK_SIDE, height: MASK_SIDE, samples: mask }, deviation).samples;
  const narrow = under(THIN * sigma);
  return under(sigma).map((v, i) => Math.min(v, narrow[i] as number));
}

/** How far a face is seen by its softened mask: 0 from the edge of what is before it outwards, so that the soft edge lies on the face. */
export function visibilityOf(soft: Float32Array): Float32Array {
  return soft.map((v) => clamp(2 * v - 1, 0, 1));
}
