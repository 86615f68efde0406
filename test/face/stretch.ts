import type { DenseMap } from '../../src/face/dense-map.ts';

/**
 * The least and greatest determinant of the map's Jacobian over the patch, relative to `scale²` (`scale` = source pixels a patch
 * pixel). 1 = only carried by a similarity; at or below 0 the map folds; below about 0.2 faces look crushed.
 */
export function stretchOf(map: DenseMap, scale: number): { least: number; greatest: number } {
  const { size, xy } = map;
  let least = Infinity;
  let greatest = -Infinity;
  for (let j = 0; j + 1 < size; j++) {
    for (let i = 0, o = 2 * j * size; i + 1 < size; i++, o += 2) {
      const x = xy[o] as number;
      const y = xy[o + 1] as number;
      const rightX = (xy[o + 2] as number) - x;
      const rightY = (xy[o + 3] as number) - y;
      const downX = (xy[o + 2 * size] as number) - x;
      const downY = (xy[o + 2 * size + 1] as number) - y;
      const determinant = rightX * downY - rightY * downX;
      if (determinant < least) least = determinant;
      if (determinant > greatest) greatest = determinant;
    }
  }
  return { least: least / (scale * scale), greatest: greatest / (scale * scale) };
}
