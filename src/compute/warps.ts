import type { Landmarks } from '../face/landmarks.ts';
import type { Similarity } from '../face/similarity.ts';
import type { Image } from './image.ts';

/** A picture made ready to be warped more than once. Closed by whoever asked for it; its image stays open as long. */
export interface WarpSource extends Disposable {
  readonly width: number;
  readonly height: number;
}

/** For each pixel of a square of side `size` the place in a source that it shows (see `DenseMap`). Closed by whoever asked for it. */
export interface WarpMap extends Disposable {
  readonly size: number;
}

/** One face in two shapes. */
export interface FaceShapes {
  /** The shape that is shown, pixels of the map. */
  readonly target: Landmarks;
  /** The shape that the source has, its pixels. */
  readonly source: Landmarks;
}

/**
 * Warps: pictures of three planes seen through a map. Bicubic (Catmull-Rom); where a map makes the source smaller the kernel widens
 * with it, pixel by pixel, so that nothing aliases and nothing jumps. Beyond the source's edge its outermost pixels are repeated.
 */
export interface WarpOperations {
  warpSource(rgb: Image): WarpSource;
  /** The map that gives a face another shape, on a square of side `size`: see `meshWarp` and `thinPlateWarp`. */
  faceMap(shapes: FaceShapes, size: number, by: 'mesh' | 'thin-plate'): WarpMap;
  /** One of each, made together. */
  faceMaps(shapes: readonly FaceShapes[], size: number, by: 'mesh' | 'thin-plate'): readonly WarpMap[];
  /** The source as the map shows it where `where` is above 0; 0 elsewhere. */
  warp(source: WarpSource, map: WarpMap, where: Image): Image;
  /** A picture on a square of side `size`, carried by a similarity from the square's pixels to the picture's. */
  warpBySimilarity(rgb: Image, toPicture: Similarity, size: number): Image;
}

/** What a source or a map keeps until it is closed. @throws TypeError where it is null, which it is from then on */
export function opened<T>(part: T | null): T {
  if (part === null)
    throw new TypeError('A warp source or map was used after it was closed. Keep it open for as long as it is needed.');
  return part;
}
