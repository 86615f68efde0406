import { type FloatPool, FRESH } from './float-pool.ts';

/** See `FilterOperations.boxBlur`: of a square plane, lent by the pool. */
export function boxBlur(plane: Float32Array, size: number, sigma: number, passes = 2, pool: FloatPool = FRESH) {
  // A box of 2r + 1 pixels has variance r(r + 1)/3.
  const radius = Math.max(1, Math.round((Math.sqrt(1 + (12 * sigma * sigma) / passes) - 1) / 2));
  const across = pool.lend(plane.length);
  const sums = new Float64Array(size);
  let out = plane;
  for (let k = 0; k < passes; k++) {
    const blurred = pool.lend(plane.length);
    boxAcross(out, across, size, radius);
    boxDown(across, blurred, sums, size, radius);
    if (out !== plane) pool.giveBack(out);
    out = blurred;
  }
  pool.giveBack(across);
  return out;
}

function boxAcross(plane: Float32Array, across: Float32Array, size: number, radius: number): void {
  const last = size - 1;
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < size; y++) {
    const row = y * size;
    let sum = (radius + 1) * plane[row];
    for (let k = 1; k <= radius; k++) sum += plane[row + Math.min(k, last)];
    for (let x = 0; x < size; x++) {
      across[row + x] = scale * sum;
      const enter = x + radius + 1;
      const leave = x - radius;
      sum += plane[row + Math.min(enter, last)] - plane[row + Math.max(leave, 0)];
    }
  }
}

/** Down the columns, a whole row at a time. */
function boxDown(across: Float32Array, out: Float32Array, sums: Float64Array, size: number, radius: number): void {
  const last = size - 1;
  const scale = 1 / (2 * radius + 1);
  sums.fill(0);
  for (let k = -radius; k <= radius; k++) {
    const row = Math.min(last, Math.max(0, k)) * size;
    for (let x = 0; x < size; x++) sums[x] += across[row + x];
  }
  for (let y = 0; y < size; y++) {
    const row = y * size;
    const enter = Math.min(last, y + radius + 1) * size;
    const leave = Math.max(0, y - radius) * size;
    for (let x = 0; x < size; x++) {
      const sum = sums[x];
      out[row + x] = scale * sum;
      sums[x] = sum + across[enter + x] - across[leave + x];
    }
  }
}
