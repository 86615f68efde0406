import type { Landmarks } from '../face/landmarks.ts';
import { invert, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { gaussianTaps, smoothAt } from './zero-phase.ts';

/** A face's shape in one frame, smoothed long and short. Both are overwritten by the next frame's. */
export interface SmoothedShape {
  readonly long: Landmarks;
  readonly short: Landmarks;
  /** The shape as it was observed `by` frames away, as far as the filters reach. */
  readonly observed: (by: number) => Landmarks;
}

export interface ShapeFilters {
  /** Standard deviation of the long filter in each frame, frames, none above `longest`. */
  readonly long: readonly number[];
  readonly longest: number;
  readonly short: number;
  /** How far to believe each frame, ≥ 0. */
  readonly trust: readonly number[] | undefined;
}

/**
 * The shapes of a face, one frame after another, smoothed by two zero-phase filters. Only the shapes within the filters' reach
 * are held, so that a track of any length takes the memory of a short one.
 *
 * @param places where the face lies in each frame: what is taken out of it to leave its shape
 */
export function* smoothedShapes(
  observed: readonly Landmarks[],
  places: readonly Similarity[],
  { long, longest, short, trust }: ShapeFilters,
): Generator<SmoothedShape> {
  const { length } = observed;
  const shortTaps = gaussianTaps(short);
  const reach = Math.max(gaussianTaps(longest).length, shortTaps.length, 2) - 1;
  const elements = observed[0]?.length ?? 0;
  const ring = Array.from({ length: 2 * reach + 1 }, () => new Float32Array(elements));
  const shapeAt = (k: number) => ring[k % ring.length] as Float32Array;
  const smoothed = { long: new Float32Array(elements), short: new Float32Array(elements) };
  for (let k = 0, next = 0; k < length; k++) {
    for (; next < Math.min(length, k + reach + 1); next++) {
      transformLandmarks(invert(places[next] as Similarity), observed[next] as Landmarks, shapeAt(next));
    }
    smoothAt(k, length, shapeAt, gaussianTaps(long[k] as number), trust, smoothed.long);
    smoothAt(k, length, shapeAt, shortTaps, trust, smoothed.short);
    yield { ...smoothed, observed: (by) => shapeAt(k + by) };
  }
}
