import type { Landmarks } from '../face/landmarks.ts';
import { quantileOf } from '../motion/quantile.ts';

/** Points of one frame: x0, y0, x1, y1 …; the same points in every frame of a sequence. */
export type Points = ArrayLike<number>;

/** The x and y of some landmarks, or of all of them. */
export function pointsOf(landmarks: Landmarks, indices?: readonly number[]): Float64Array {
  const chosen = indices ?? Array.from({ length: landmarks.length / 3 }, (_, i) => i);
  return Float64Array.from(chosen.flatMap((i) => [landmarks[3 * i], landmarks[3 * i + 1]]));
}

/** Distance of points from the truth, in % of inter-ocular distance. */
export interface PointError {
  /** Mean distance (normalised mean error). */
  readonly nme: number;
  /** Root mean square of the distance. */
  readonly rms: number;
  /** The distance that one point in a hundred exceeds. */
  readonly p99: number;
}

/** Distances of `found` to `truth` over all frames and points; `interOcular` has one entry a frame, in the points' pixels. */
export function pointError(
  found: readonly Points[],
  truth: readonly Points[],
  interOcular: readonly number[],
): PointError {
  const distances = found.flatMap((points, t) =>
    lengths(difference(points, at(truth, t))).map((d) => (100 * d) / interOcular[t]),
  );
  return {
    nme: mean(distances),
    rms: Math.sqrt(mean(distances.map((d) => d * d))),
    p99: quantileOf(distances, 0.99),
  };
}

/**
 * J2: root mean square of the second difference in time, in % of inter-ocular distance. White noise of deviation σ a coordinate
 * reads σ·√12. With `motion` (the true or carried positions) the face's own movement is taken out first. NaN below three frames.
 */
export function jitter(found: readonly Points[], interOcular: readonly number[], motion?: readonly Points[]): number {
  const residual = motion ? found.map((points, t) => difference(points, at(motion, t))) : found;
  const squares: number[] = [];
  for (let t = 1; t + 1 < residual.length; t++) {
    const [before, now, after] = [at(residual, t - 1), at(residual, t), at(residual, t + 1)];
    const second = Float64Array.from(now, (v, i) => after[i] - 2 * v + before[i]);
    for (const d of lengths(second)) squares.push((d / interOcular[t]) ** 2);
  }
  return 100 * Math.sqrt(mean(squares));
}

/**
 * Root mean square of each point's distance to its own mean, in % of inter-ocular distance: what stays of repeatability when a
 * constant bias is forgiven. Points must be in coordinates in which the face stands still, or `motion` be given.
 */
export function spread(found: readonly Points[], interOcular: readonly number[], motion?: readonly Points[]): number {
  const residual = motion ? found.map((points, t) => difference(points, at(motion, t))) : found;
  const count = residual[0]?.length ?? 0;
  const centre = Float64Array.from({ length: count }, (_, i) => mean(residual.map((points) => points[i])));
  const squares = residual.flatMap((points, t) =>
    lengths(difference(points, centre)).map((d) => (d / interOcular[t]) ** 2),
  );
  return 100 * Math.sqrt(mean(squares));
}

function difference(a: Points, b: Points): Float64Array {
  if (a.length !== b.length) throw new TypeError(`${a.length / 2} points cannot be compared with ${b.length / 2}.`);
  return Float64Array.from(a, (v, i) => v - b[i]);
}

function lengths(vectors: Float64Array): number[] {
  return Array.from({ length: vectors.length / 2 }, (_, i) => Math.hypot(vectors[2 * i], vectors[2 * i + 1]));
}

function at(frames: readonly Points[], t: number): Points {
  const points = frames[t];
  if (!points) throw new TypeError(`There are no points for frame ${t} to compare with.`);
  return points;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
