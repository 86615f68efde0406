import type { Luma } from './luma.ts';

/**
 * By how many whole pixels the middle of `from` must be shifted to be found in `to`: the greatest normalised cross-correlation
 * over all shifts up to `reach` pixels in x and y. The start for methods that follow small motion only.
 *
 * Both pictures have one size; the middle is what is left when `reach` is cut off on all sides.
 */
export function coarseShift(from: Luma, to: Luma, reach: number): { readonly x: number; readonly y: number } {
  const { width, height } = from;
  const columns = width - 2 * reach;
  const rows = height - 2 * reach;
  if (columns < 4 || rows < 4) return { x: 0, y: 0 };
  const count = columns * rows;
  const template = new Float32Array(count);
  let mean = 0;
  for (let y = 0, o = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, o++) {
      const v = from.samples[(y + reach) * width + x + reach];
      template[o] = v;
      mean += v / count;
    }
  }
  for (let o = 0; o < count; o++) template[o] = template[o] - mean;

  let best = { x: 0, y: 0, score: -Infinity };
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      let products = 0;
      let sum = 0;
      let squares = 0;
      for (let y = 0, o = 0; y < rows; y++) {
        for (let p = (y + reach + dy) * width + reach + dx, end = p + columns; p < end; p++, o++) {
          const v = to.samples[p];
          products += template[o] * v;
          sum += v;
          squares += v * v;
        }
      }
      const variance = squares - (sum * sum) / count;
      const score = variance > 1e-9 ? products / Math.sqrt(variance) : -Infinity;
      if (score > best.score) best = { x: dx, y: dy, score };
    }
  }
  return { x: best.x, y: best.y };
}
