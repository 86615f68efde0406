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

/**
 * The map of a similarity from patch pixels to source pixels.
 *
 * @param xy memory to write it into; default new
 */
export function mapOfSimilarity(
  toSource: Similarity,
  size: number,
  xy: Float32Array = new Float32Array(2 * size * size),
): DenseMap {
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
