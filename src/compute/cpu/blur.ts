import { gaussianBlur } from '../../motion/gaussian.ts';
import { enlarged } from './enlarge.ts';
import { type FloatPool, FRESH } from './float-pool.ts';

/** Above this a patch is halved before it is blurred; at half size the blur is half as wide and an eighth as much work. */
const WIDEST = 5;

/**
 * A square patch (planar, one or more planes of size²) blurred by a Gaussian of `sigma` pixels, edges repeated. Wide blurs are
 * made on a smaller picture, and differ from the Gaussian by less than 0.2 % of full scale (see the test). The pool lends it.
 */
export function blurPatch(planes: Float32Array, size: number, sigma: number, pool: FloatPool = FRESH): Float32Array {
  if (sigma > WIDEST && size % 2 === 0 && size > 16) {
    const half = size / 2;
    // Averaging 2 × 2 has a variance of ¼, interpolating back one of ¾: what is left is the Gaussian's.
    const left = Math.sqrt(sigma * sigma - 1) / 2;
    const small = halfOf(planes, size, pool);
    const soft = blurPatch(small, half, left, pool);
    const out = enlarged(soft, half, size, pool);
    pool.giveBack(small, soft);
    return out;
  }
  const out = pool.lend(planes.length);
  if (!(sigma > 0)) {
    out.set(planes);
    return out;
  }
  for (let start = 0; start < planes.length; start += size * size) {
    const samples = planes.subarray(start, start + size * size);
    const blurred = pool.adopt(gaussianBlur({ width: size, height: size, samples }, sigma).samples);
    out.set(blurred, start);
    pool.giveBack(blurred);
  }
  return out;
}

function halfOf(planes: Float32Array, size: number, pool: FloatPool): Float32Array {
  const out = pool.lend(planes.length / 4);
  for (let o = 0, i = 0; i < planes.length; i += size) {
    for (const end = i + size; i < end; i += 2, o++) {
      const sum = planes[i] + planes[i + 1] + planes[i + size] + planes[i + size + 1];
      out[o] = sum / 4;
    }
  }
  return out;
}
