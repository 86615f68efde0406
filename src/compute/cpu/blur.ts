import { gaussian } from './gaussian.ts';
import { doubled, halved } from './half-size.ts';

/** Above this a patch is halved before it is blurred; at half size the blur is half as wide and an eighth as much work. */
const WIDEST = 5;

/**
 * A square patch (planar, one or more planes of size²) blurred by a Gaussian of `sigma` pixels, edges repeated. Wide blurs are
 * made on a smaller picture, and differ from the Gaussian by less than 0.2 % of full scale (see the test).
 */
export function blurPatch(planes: Float32Array, size: number, sigma: number): Float32Array {
  if (!(sigma > 0)) return planes;
  const out = new Float32Array(planes.length);
  for (let start = 0; start < planes.length; start += size * size) {
    out.set(blurPlane(planes.subarray(start, start + size * size), size, sigma), start);
  }
  return out;
}

function blurPlane(plane: Float32Array, size: number, sigma: number): Float32Array {
  if (!(sigma > WIDEST && size % 2 === 0 && size > 16)) return gaussian(plane, { width: size, height: size }, sigma);
  const half = size / 2;
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  const left = Math.sqrt(sigma * sigma - 1) / 2;
  return doubled(blurPlane(halved(plane, size), half, left), half);
}

/** A patch as blurred as the plate: blurred further from a standard deviation of `from` to one of `to` patch pixels, or as it is. */
export function blurTo(planes: Float32Array, size: number, from: number, to: number): Float32Array {
  return to > from ? blurPatch(planes, size, Math.sqrt(to * to - from * from)) : planes;
}
