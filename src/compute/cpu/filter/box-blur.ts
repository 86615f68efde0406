import { type FloatPool, FRESH } from '../float-pool.ts';

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
  const out = pool.lend(plane.length);
  const lanes = pool.lend(4 * (size + 4 * radius + 1));
  const rows = pool.lend((2 * radius + 2) * size);
  for (let k = 0; k < passes; k++) {
    pool.loops.boxAcross(k === 0 ? plane : out, across, lanes, size, size, radius);
    pool.loops.boxDown(across, out, rows, size, size, radius);
  }
  pool.giveBack(across, lanes, rows);
  return out;
}
