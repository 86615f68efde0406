import { boxBlur } from '../filter/box-blur.ts';
import type { FloatPool } from '../float-pool.ts';

/** Two pictures, one plane of size² each. */
export interface Pair {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly size: number;
}

/** See `StillOperations.localLikeness`; lent by the pool, as what follows. */
export function localLikeness(
  { a, b, size }: Pair,
  { sigma, floor }: { readonly sigma: number; readonly floor: number },
  pool: FloatPool,
): Float32Array {
  const squares = pool.lend(a.length);
  const product = pool.lend(a.length);
  for (let i = 0; i < squares.length; i++) {
    const p = a[i];
    const q = b[i];
    squares[i] = p * p + q * q;
    product[i] = p * q;
  }
  const [meanA, meanB, meanSquares, out] = [a, b, squares, product].map((plane) =>
    boxBlur(plane, size, { sigma, passes: 1 }, pool),
  );
  for (let i = 0; i < out.length; i++) {
    const p = meanA[i];
    const q = meanB[i];
    const variances = Math.max(0, meanSquares[i] - p * p - q * q);
    out[i] = (2 * (out[i] - p * q)) / (variances + 2 * floor * floor);
  }
  pool.giveBack(squares, product, meanA, meanB, meanSquares);
  return out;
}

/** See `StillOperations.localContrast`. */
export function localContrast(
  { a, b, size }: Pair,
  { sigma, floor, most }: { readonly sigma: number; readonly floor: number; readonly most: number },
  pool: FloatPool,
): Float32Array {
  const squares = pool.lend(a.length);
  const product = pool.lend(a.length);
  for (let i = 0; i < squares.length; i++) {
    squares[i] = b[i] * b[i];
    product[i] = a[i] * b[i];
  }
  const [meanA, meanB, meanSquares, out] = [a, b, squares, product].map((plane) =>
    boxBlur(plane, size, { sigma, passes: 2 }, pool),
  );
  const prior = floor * floor;
  for (let i = 0; i < out.length; i++) {
    const p = meanA[i];
    const q = meanB[i];
    const slope = (out[i] - p * q + prior) / (Math.max(0, meanSquares[i] - q * q) + prior);
    out[i] = Math.min(most, Math.max(0, slope));
  }
  pool.giveBack(squares, product, meanA, meanB, meanSquares);
  return out;
}
