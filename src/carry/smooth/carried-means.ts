import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { transformLandmarks } from '../../face/similarity.ts';
import { carryPoints } from '../../motion/similarity3.ts';
import type { MotionChain } from '../track/motion-chain.ts';
import { EYES } from './expression-groups.ts';
import { rigidFitter } from './rigid-fit.ts';
import { gaussianTaps, smoothAt } from './zero-phase.ts';

/** Means of a face over the frames around one frame, in that frame's pixels. The next frame overwrites their memory. */
export interface CarriedMean {
  /** Mean of many frames carried here. */
  readonly long: Landmarks;
  /** Mean of few frames, each fitted onto the long mean by its rigid part. */
  readonly short: Landmarks;
  /** The face observed in the frame before, here, and in the frame after, carried and fitted; undefined at a track's ends. */
  readonly around: readonly [Landmarks | undefined, Landmarks, Landmarks | undefined];
  /** Distance between the eyes, pixels. */
  readonly size: number;
}

export interface CarriedMeanFilters {
  /** Standard deviation of the long filter in each frame, frames. */
  readonly long: readonly number[];
  readonly short: number;
  /** Confidence in each frame, ≥ 0. */
  readonly trust: readonly number[] | undefined;
}

/**
 * The carried means of a track, frame by frame, by two zero-phase Gaussians. Only one frame's are held at a time, so that memory
 * does not grow with the track.
 *
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function* carriedMeans(
  observed: readonly Landmarks[],
  motion: MotionChain,
  { long: sigmas, short: sigma, trust }: CarriedMeanFilters,
  expressive: Float32Array,
): Generator<CarriedMean> {
  const { length } = observed;
  const elements = observed[0]?.length ?? 0;
  const rigidFit = rigidFitter(expressive);
  const shortTaps = gaussianTaps(sigma);
  const reach = Math.max(1, shortTaps.length - 1);
  const buffer = () => new Float32Array(elements);
  const [long, short, carried] = [buffer(), buffer(), buffer()];
  const laid = Array.from({ length: 2 * reach + 1 }, buffer);
  for (let k = 0; k < length; k++) {
    const taps = gaussianTaps(sigmas[k] as number);
    const carriedAt = (j: number) => carryPoints(motion(j, k), observed[j] as Landmarks, carried);
    smoothAt(k, { length, sampleAt: carriedAt, taps, weights: trust }, long);
    const at = (j: number): Landmarks | undefined => (j < 0 || j >= length ? undefined : laid[j - k + reach]);
    for (let j = Math.max(0, k - reach); j <= Math.min(length - 1, k + reach); j++) {
      const face = carryPoints(motion(j, k), observed[j] as Landmarks, at(j) as Landmarks);
      transformLandmarks(rigidFit(face, long), face, face);
      for (const { group, corners } of EYES) shiftOnto(face, long, group, corners);
    }
    const here = at(k) as Landmarks;
    smoothAt(k, { length, sampleAt: (j) => at(j) as Landmarks, taps: shortTaps, weights: trust }, short);
    yield { long, short, around: [at(k - 1), here, at(k + 1)], size: interOcular(fivePoints(long)) };
  }
}

/** Shifts a group of landmarks so that its still points lie in their middle where another face's do. */
function shiftOnto(face: Landmarks, onto: Landmarks, group: readonly number[], still: readonly number[]): void {
  for (const c of [0, 1, 2]) {
    let shift = 0;
    for (const i of still) shift += ((onto[3 * i + c] as number) - (face[3 * i + c] as number)) / still.length;
    for (const i of group) face[3 * i + c] = (face[3 * i + c] as number) + shift;
  }
}
