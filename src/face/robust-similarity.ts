import { median } from '../motion/quantile.ts';
import { applyX, applyY, fitSimilarity, type Similarity } from './similarity.ts';

/** A similarity that most of the point pairs agree on. */
export interface RobustSimilarity {
  readonly similarity: Similarity;
  /** Share of the pairs, by their given weights, that the fit kept: 0 … 1. */
  readonly inliers: number;
  /** Median distance between a carried point and its partner, pixels of `to`. */
  readonly median: number;
}

/** Tukey's biweight at 95 % efficiency on Gaussian errors (Beaton and Tukey 1974; Huber 1981). */
const TUKEY = 4.685;
/** The median length of a plane Gaussian error is this many of its standard deviations (Rayleigh: sqrt(2 ln 2)). */
const RAYLEIGH_MEDIAN = 1.1774;
const ITERATIONS = 12;

/**
 * The similarity from `from` to `to` (x0, y0 …) by iteratively reweighted least squares with Tukey's biweight: outliers lose
 * their weight. Null where fewer than two differing pairs have a weight.
 *
 * `floor` is the error, pixels, below which all pairs count as equally good; it keeps perfect data from rejecting itself.
 */
export function fitRobustSimilarity(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  weights?: ArrayLike<number>,
  floor = 0.02,
): RobustSimilarity | null {
  const count = from.length >> 1;
  const given = Float64Array.from({ length: count }, (_, i) => (weights ? weights[i] : 1));
  if (!hasSpread(from, given)) return null;
  const used = Float64Array.from(given);
  const distance = new Float64Array(count);
  let similarity = fitSimilarity(from, to, used);
  let median = 0;
  // The first fit may be far off: as the scale falls with the median, outliers drop out one after another.
  for (let step = 0; step < ITERATIONS; step++) {
    for (let i = 0; i < count; i++) {
      const x = from[2 * i];
      const y = from[2 * i + 1];
      distance[i] = Math.hypot(applyX(similarity, x, y) - to[2 * i], applyY(similarity, x, y) - to[2 * i + 1]);
    }
    median = medianWhere(distance, given);
    const reach = (TUKEY / RAYLEIGH_MEDIAN) * Math.max(floor, median);
    for (let i = 0; i < count; i++) {
      const r = distance[i] / reach;
      used[i] = r < 1 ? given[i] * (1 - r * r) ** 2 : 0;
    }
    if (!hasSpread(from, used)) return null;
    const next = fitSimilarity(from, to, used);
    const change = Math.hypot(next.tx - similarity.tx, next.ty - similarity.ty) + Math.abs(next.a - similarity.a);
    similarity = next;
    if (change < 1e-7) break;
  }
  let kept = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += given[i];
    if (used[i] > 0) kept += given[i];
  }
  return { similarity, inliers: kept / total, median };
}

function hasSpread(points: ArrayLike<number>, weights: Float64Array): boolean {
  let first = -1;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] > 0)) continue;
    if (first < 0) first = i;
    else if (points[2 * i] !== points[2 * first] || points[2 * i + 1] !== points[2 * first + 1]) return true;
  }
  return false;
}

function medianWhere(values: Float64Array, weights: Float64Array): number {
  return median(values.filter((_, i) => weights[i] > 0));
}
