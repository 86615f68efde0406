import { type FloatPool, FRESH } from '../float-pool.ts';

/** Catmull-Rom (Keys 1981) stretched to twice its width, at the four distances ½, 1½, 2½, 3½ of the samples to either side. */
const HALVING = [0.43359375, 0.11328125, -0.03515625, -0.01171875] as const;

/** See `FilterOperations.decimated`: of one plane, lent by the pool. Edges are repeated. */
export function decimated(plane: Float32Array, width: number, height: number, pool: FloatPool = FRESH): Float32Array {
  const across = (width + 1) >> 1;
  const down = (height + 1) >> 1;
  const rows = pool.lend(across * height);
  const out = pool.zeroed(across * down);
  halveRows(plane, width, height, rows);
  halveColumns(rows, across, height, out);
  pool.giveBack(rows);
  return out;
}

function halveRows(from: Float32Array, width: number, height: number, to: Float32Array): void {
  const across = (width + 1) >> 1;
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < across; x++, o++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const left = Math.max(0, 2 * x - k);
        const right = Math.min(width - 1, 2 * x + 1 + k);
        sum += HALVING[k] * (from[row + left] + from[row + right]);
      }
      to[o] = sum;
    }
  }
}

function halveColumns(from: Float32Array, width: number, height: number, to: Float32Array): void {
  const down = (height + 1) >> 1;
  for (let y = 0; y < down; y++) {
    const out = y * width;
    for (let k = 0; k < 4; k++) {
      const above = Math.max(0, 2 * y - k) * width;
      const below = Math.min(height - 1, 2 * y + 1 + k) * width;
      const weight = HALVING[k];
      for (let x = 0; x < width; x++) {
        to[out + x] = to[out + x] + weight * (from[above + x] + from[below + x]);
      }
    }
  }
}
