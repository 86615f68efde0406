import { gaussianBlur } from '../../motion/gaussian.ts';
import { enlarged } from './enlarge.ts';

/** Above this a patch is halved before it is blurred; at half size the blur is half as wide and an eighth as much work. */
const WIDEST = 5;

/**
 * A square patch (planar, one or more planes of size²) blurred by a Gaussian of `sigma` pixels, edges repeated. Wide blurs are
 * made on a smaller picture, and differ from the Gaussian by less than 0.2 % of full scale (see the test).
 */
export function blurPatch(planes: Float32Array, size: number, sigma: number): Float32Array {
  if (!(sigma > 0)) return planes;
  if (sigma > WIDEST && size % 2 === 0 && size > 16) {
    const half = size / 2;
    // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
    const left = Math.sqrt(sigma * sigma - 1) / 2;
    return enlarged(blurPatch(halfOf(planes, size), half, left), half, size);
  }
  const out = new Float32Array(planes.length);
  for (let start = 0; start < planes.length; start += size * size) {
    const samples = planes.subarray(start, start + size * size);
    out.set(gaussianBlur({ width: size, height: size, samples }, sigma).samples, start);
  }
  return out;
}

/** A patch as blurred as the plate: blurred further from a standard deviation of `from` to one of `to` patch pixels, or as it is. */
export function blurTo(planes: Float32Array, size: number, from: number, to: number): Float32Array {
  return to > from ? blurPatch(planes, size, Math.sqrt(to * to - from * from)) : planes;
}

function halfOf(planes: Float32Array, size: number): Float32Array {
  const out = new Float32Array(planes.length / 4);
  for (let o = 0, i = 0; i < planes.length; i += size) {
    for (const end = i + size; i < end; i += 2, o++) {
      const sum = planes[i] + planes[i + 1] + planes[i + size] + planes[i + size + 1];
      out[o] = sum / 4;
    }
  }
  return out;
}
