import type { PyramidLevel } from './pyramid.ts';
import { quantile } from './quantile.ts';

/** Those of some pixels that have the steepest slopes: on the others an alignment has nothing to hold on to. New memory. */
export function steepestOf({ dx, dy }: PyramidLevel, pixels: Int32Array, share: number): Int32Array {
  const slopes = Float32Array.from(pixels, (p) => dx[p] ** 2 + dy[p] ** 2);
  const least = quantile(slopes.slice(), 1 - share);
  return pixels.filter((_, k) => slopes[k] >= least);
}
