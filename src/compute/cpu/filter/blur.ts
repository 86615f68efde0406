import { type FloatPool, FRESH } from '../float-pool.ts';
import { gaussian } from './gaussian.ts';
import { doubled, halved } from './half-size.ts';

/** Above this a patch is halved before it is blurred; at half size the blur is half as wide and an eighth as much work. */
const WIDEST = 5;

/**
 * A square patch (planar, one or more planes of size²) blurred by a Gaussian of `sigma` pixels, edges repeated. Wide blurs are
 * made on a smaller picture, and differ from the Gaussian by less than 0.2 % of full scale (see the test). The pool lends it.
 */
export function blurPatch(planes: Float32Array, size: number, sigma: number, pool: FloatPool = FRESH): Float32Array {
  const area = size * size;
  if (planes.length === area) return blurPlane(planes, size, sigma, pool);
  const out = pool.lend(planes.length);
  for (let start = 0; start < planes.length; start += area) {
    const blurred = blurPlane(planes.subarray(start, start + area), size, sigma, pool);
    out.set(blurred, start);
    pool.giveBack(blurred);
  }
  return out;
}

function blurPlane(plane: Float32Array, size: number, sigma: number, pool: FloatPool): Float32Array {
  if (!(sigma > 0)) {
    const same = pool.lend(plane.length);
    same.set(plane);
    return same;
  }
  if (!(sigma > WIDEST && size % 2 === 0 && size > 16)) {
    return gaussian(plane, { width: size, height: size }, sigma, pool);
  }
  const half = size / 2;
  // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
  const left = Math.sqrt(sigma * sigma - 1) / 2;
  const small = halved(plane, size, pool);
  const soft = blurPlane(small, half, left, pool);
  const out = doubled(soft, half, pool);
  pool.giveBack(small, soft);
  return out;
}
