import type { Landmarks } from '../../face/landmarks.ts';
import { clamp, smoothstep } from '../../film/interpolate.ts';
import { median } from '../../motion/quantile.ts';
import type { CarriedMean } from './carried-means.ts';
import { gaussianTaps, smoothInTime } from './zero-phase.ts';

/**
 * Greatest and least noise of a landmark that is ascribed to the network, over inter-ocular distance. More than the greatest is
 * expression.
 */
const MOST_NOISE = 0.003;
const LEAST_NOISE = 0.001;
/**
 * Difference between both filters, in multiples of the noise, from which expression begins to count, and from which it counts in
 * full.
 */
const BEGINS = 1;
const IS = 2.5;
/** Frames by which expression is widened before and after, and the standard deviation that softens the edge, frames. */
const WIDEN = 2;
const SOFTEN = 1;
/** Second differences of white noise: √(1 + 4 + 1) times its deviation. */
const SECOND_DIFFERENCE = Math.sqrt(6);

/**
 * Share of the short filter for each group of landmarks and frame, 0 … 1. Where a group moves by expression, the short filter
 * keeps the height of a blink and a syllable. Elsewhere the long one keeps a quiet eye from twitching.
 *
 * The noise is the network's own, estimated from second differences of the track.
 *
 * @param faces all frames of a track, in order
 * @param sigmas standard deviations of the short and the long filter, frames
 * @returns for each group one value a frame
 */
export function expressionShares(
  faces: Iterable<CarriedMean>,
  length: number,
  groups: readonly (readonly number[])[],
  sigmas: { readonly short: number; readonly long: number },
): Float32Array[] {
  const between = deviationBetween(gaussianTaps(sigmas.short), gaussianTaps(sigmas.long));
  const apart = groups.map(() => new Float32Array(length));
  const bends = groups.map(() => new Float32Array(Math.max(0, length - 2)));
  let k = 0;
  for (const { short, long, around, size } of faces) {
    const [before, here, after] = around;
    groups.forEach((group, g) => {
      (apart[g] as Float32Array)[k] = distance(short, long, group) / size;
      if (before && after) (bends[g] as Float32Array)[k - 1] = bendOf(before, here, after, group) / size;
    });
    k += 1;
  }
  return groups.map((_, g) => {
    const bend = bends[g] as Float32Array;
    const seen = bend.length > 0 ? median(bend) / SECOND_DIFFERENCE : 0;
    const noise = between * clamp(seen, LEAST_NOISE, MOST_NOISE);
    const active = (apart[g] as Float32Array).map((d) => smoothstep(BEGINS, IS, d / noise));
    const widened = Array.from(active, (_, at) =>
      Float32Array.of(Math.max(...active.subarray(Math.max(0, at - WIDEN), at + WIDEN + 1))),
    );
    return Float32Array.from(smoothInTime(widened, SOFTEN), ([share]) => share as number);
  });
}

/** Deviation between two filters of the same white noise, over that of the noise. */
function deviationBetween(a: Float64Array, b: Float64Array): number {
  const shareOf = (taps: Float64Array) => {
    const total = taps.reduce((sum, v, d) => sum + (d === 0 ? v : 2 * v), 0);
    return (d: number) => (taps[d] ?? 0) / total;
  };
  const [ofA, ofB] = [shareOf(a), shareOf(b)];
  let squares = 0;
  for (let d = 0; d < Math.max(a.length, b.length); d++) squares += (d === 0 ? 1 : 2) * (ofA(d) - ofB(d)) ** 2;
  return Math.sqrt(squares);
}

/** Root mean square second difference of a group's landmarks, pixels. */
function bendOf(before: Landmarks, here: Landmarks, after: Landmarks, group: readonly number[]): number {
  let sum = 0;
  for (const i of group) {
    for (let j = 3 * i; j < 3 * i + 2; j++) {
      sum += ((before[j] as number) - 2 * (here[j] as number) + (after[j] as number)) ** 2;
    }
  }
  return Math.sqrt(sum / group.length);
}

function distance(a: Landmarks, b: Landmarks, group: readonly number[]): number {
  let sum = 0;
  for (const i of group) {
    for (let j = 3 * i; j < 3 * i + 2; j++) sum += ((a[j] as number) - (b[j] as number)) ** 2;
  }
  return Math.sqrt(sum / group.length);
}
