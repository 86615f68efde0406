import type { DenseMap } from '../../../face/dense-map.ts';

/** Source pixels a patch pixel, in the direction in which it is more, by central differences. */
export function localScale({ size, xy }: DenseMap, i: number, j: number): number {
  const left = 2 * (j * size + Math.max(0, i - 1));
  const right = 2 * (j * size + Math.min(size - 1, i + 1));
  const above = 2 * (Math.max(0, j - 1) * size + i);
  const below = 2 * (Math.min(size - 1, j + 1) * size + i);
  const across = (right - left) / 2;
  const down = (below - above) / (2 * size);
  const ax = (xy[right] - xy[left]) / across;
  const ay = (xy[right + 1] - xy[left + 1]) / across;
  const bx = (xy[below] - xy[above]) / down;
  const by = (xy[below + 1] - xy[above + 1]) / down;
  return Math.sqrt(Math.max(ax * ax + ay * ay, bx * bx + by * by));
}
