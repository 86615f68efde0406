import type { TemporalMeanOptions } from '../../windows.ts';
import { boxBlur } from '../filter/box-blur.ts';
import { doubled, halved } from '../filter/half-size.ts';
import { valueAtShare } from '../filter/selection.ts';
import type { FloatPool } from '../float-pool.ts';

/** The samples of `WindowImages`, of side `size`, and of both masks that belong to them. */
export interface WindowSamples {
  readonly size: number;
  readonly centre: Float32Array;
  readonly luma: Float32Array;
  readonly where: Float32Array;
  readonly look: Float32Array;
  readonly neighbours: readonly { readonly rgb: Float32Array; readonly luma: Float32Array }[];
  readonly own: Float32Array;
  readonly eyes: Float32Array;
}

/** A window, and how far its centre counts in comparisons: dirt does not. */
interface ComparedWindow extends WindowSamples {
  /** `own` at half the side. */
  readonly good: Float32Array;
}

/** Weight below which a neighbour is left out, and the sum of weights above which there is a mean at all. */
export const UNSEEN_WEIGHT = 0.01;
export const LEAST_WEIGHTS = 0.02;
/** Every so many pixels one tells what an ordinary place is like. */
export const ORDINARY_STEP = 5;

/** See `WindowOperations.temporalMean`. */
export function temporalMean(window: WindowSamples, options: TemporalMeanOptions, pool: FloatPool) {
  const { size, centre, own, where } = window;
  const half = size >> 1;
  const { loops } = pool;
  const rgb = pool.lend(centre.length);
  const weights = pool.copied(own);
  const area = own.length;
  for (let o = 0; o < 3 * area; o += area) {
    loops.product(own, centre.subarray(o, o + area), rgb.subarray(o, o + area), area);
  }
  const good = halved(own, size, pool);
  const compared = { ...window, good };
  for (const neighbour of window.neighbours) {
    const distance = patchDistance(compared, neighbour.luma, options, pool);
    toLikeness(distance, window, options, pool);
    const likeness = doubled(distance, half, pool);
    loops.addedWeighted(neighbour.rgb, likeness, where, rgb, weights, area, UNSEEN_WEIGHT);
    pool.giveBack(distance, likeness);
  }
  const averaged = meanWhere(weights, where);
  loops.normalised(rgb, weights, centre, area, LEAST_WEIGHTS);
  pool.giveBack(good);
  return { rgb, weights, averaged };
}

/** Mean squared difference around each pixel, the frames' grain blurred away first. Dirt does not count. */
function patchDistance(
  { size, luma, look, good }: ComparedWindow,
  other: Float32Array,
  { blur, spread }: TemporalMeanOptions,
  pool: FloatPool,
): Float32Array {
  const half = size >> 1;
  const difference = pool.lend(luma.length);
  pool.loops.weightedDifference(good, luma, other, look, difference, luma.length);
  const soft = boxBlur(difference, half, { sigma: blur, passes: 1 }, pool);
  pool.loops.product(soft, soft, soft, soft.length);
  const distance = boxBlur(soft, half, { sigma: spread, passes: 2 }, pool);
  pool.giveBack(difference, soft);
  return distance;
}

/** Turns patch distances into weights, in place. */
function toLikeness(
  distance: Float32Array,
  { look, eyes }: WindowSamples,
  { tolerance, ordinary, inEyes, trust }: TemporalMeanOptions,
  pool: FloatPool,
): void {
  const typical = ordinaryDistance(distance, look, pool);
  const rate = 1 / (tolerance * tolerance);
  pool.loops.likeness(distance, eyes, distance.length, ordinary * typical, typical, rate, inEyes * rate, trust);
}

/** What an ordinary place differs by: grain, and no motion. */
function ordinaryDistance(distance: Float32Array, look: Float32Array, pool: FloatPool): number {
  const found = pool.lend(distance.length);
  let count = 0;
  for (let i = 0; i < distance.length; i += ORDINARY_STEP) if (look[i] === 1) found[count++] = distance[i];
  const typical = count > 0 ? valueAtShare(found.subarray(0, count), 0.5) : 0;
  pool.giveBack(found);
  return typical;
}

function meanWhere(weights: Float32Array, where: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(where[i] > 0)) continue;
    sum += weights[i];
    count += 1;
  }
  return count > 0 ? sum / count : 1;
}
