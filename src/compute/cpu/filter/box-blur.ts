import { clamp } from '../../../film/interpolate.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';
import { sumsAlong, sumsDown } from './window-sums.ts';

/** See `FilterOperations.boxBlur`: of a square plane, lent by the pool. */
export function boxBlur(
  plane: Float32Array,
  size: number,
  { sigma, passes }: { readonly sigma: number; readonly passes: number },
  pool: FloatPool = FRESH,
) {
  // A box of 2r + 1 pixels has variance r(r + 1)/3.
  const radius = Math.max(1, Math.round((Math.sqrt(1 + (12 * sigma * sigma) / passes) - 1) / 2));
  return boxMeans(plane, size, { radius, passes }, pool);
}

/** Means of a square plane over squares of 2·radius + 1 pixels, edges repeated, `passes` times; lent by the pool. */
export function boxMeans(
  plane: Float32Array,
  size: number,
  { radius, passes }: { readonly radius: number; readonly passes: number },
  pool: FloatPool,
) {
  const across = pool.lend(plane.length);
  // The rows of the plane with its edges repeated.
  const rows = Int32Array.from({ length: size + 2 * radius }, (_, y) => size * clamp(y - radius, 0, size - 1));
  const length = 2 * radius + 1;
  let out = plane;
  for (let k = 0; k < passes; k++) {
    const blurred = pool.lend(plane.length);
    meansAcross({ plane: out, size }, radius, across, pool);
    sumsDown({ plane: across, width: size, rows }, length, 1 / length, blurred);
    if (out !== plane) pool.giveBack(out);
    out = blurred;
  }
  pool.giveBack(across);
  return out;
}

function meansAcross(
  { plane, size }: { readonly plane: Float32Array; readonly size: number },
  radius: number,
  across: Float32Array,
  pool: FloatPool,
): void {
  const length = 2 * radius + 1;
  const line = pool.lend(size + 2 * radius);
  const ends = new Float64Array(length);
  for (let row = 0; row < plane.length; row += size) {
    for (let x = 0; x < size; x++) line[radius + x] = plane[row + x];
    line.fill(plane[row], 0, radius);
    line.fill(plane[row + size - 1], radius + size);
    sumsAlong(line, size, length, 1 / length, ends, across, row);
  }
  pool.giveBack(line);
}
