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
  pool.loops.productsOfPair(a, b, squares, product, a.length);
  const [meanA, meanB, meanSquares, out] = [a, b, squares, product].map((plane) =>
    boxBlur(plane, size, { sigma, passes: 1 }, pool),
  );
  pool.loops.likenessOfMeans(meanA, meanB, meanSquares, out, out.length, 2 * floor * floor);
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
  pool.loops.product(b, b, squares, b.length);
  pool.loops.product(a, b, product, b.length);
  const [meanA, meanB, meanSquares, out] = [a, b, squares, product].map((plane) =>
    boxBlur(plane, size, { sigma, passes: 2 }, pool),
  );
  pool.loops.contrastOfMeans(meanA, meanB, meanSquares, out, out.length, floor * floor, most);
  pool.giveBack(squares, product, meanA, meanB, meanSquares);
  return out;
}
