import { gaussianKernel } from '../../../motion/gaussian.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/**
 * A plane of `width` · `height` convolved with a Gaussian of standard deviation `sigma` > 0 pixels (cut at 3 sigma), edges repeated; lent
 * by the pool. Every sample is the sum of its own window, from the middle outwards.
 */
export function gaussian(
  plane: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  sigma: number,
  pool: FloatPool = FRESH,
): Float32Array {
  const kernel = pool.copied(gaussianKernel(sigma));
  const radius = kernel.length - 1;
  const across = pool.lend(plane.length);
  const line = pool.zeroed(width + 2 * radius + 3);
  const out = pool.lend(plane.length);
  pool.loops.gaussian(plane, across, line, out, kernel, width, height, radius);
  pool.giveBack(kernel, across, line);
  return out;
}
