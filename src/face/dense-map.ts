import type { Similarity } from './similarity.ts';

/**
 * A backward warp: for each pixel of a square patch the place in a source picture that it shows.
 *
 * `Float32Array` of 2·size·size, x and y a pixel, rows from the top; the entry of patch pixel (i, j) belongs to its centre
 * (i + ½, j + ½), and its value is in source pixels, origin at the source's top-left edge.
 */
export interface DenseMap {
  readonly size: number;
  readonly xy: Float32Array;
}

/** The map of a similarity from patch pixels to source pixels. */
export function mapOfSimilarity(toSource: Similarity, size: number): DenseMap {
  const xy = new Float32Array(2 * size * size);
  for (let j = 0, o = 0; j < size; j++) {
    const x0 = toSource.tx - toSource.b * (j + 0.5);
    const y0 = toSource.ty + toSource.a * (j + 0.5);
    for (let i = 0; i < size; i++, o += 2) {
      xy[o] = x0 + toSource.a * (i + 0.5);
      xy[o + 1] = y0 + toSource.b * (i + 0.5);
    }
  }
  return { size, xy };
}

/**
 * The least and greatest determinant of the map's Jacobian over the patch, relative to `scale²` (`scale` = source pixels a patch
 * pixel). 1 = a similarity; at or below 0 the map folds; below about 0.2 faces look crushed.
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
