import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { compose, fitSimilarity, invert, type Similarity, transformLandmarks } from '../../face/similarity.ts';
import { mix } from '../../film/interpolate.ts';
import type { MotionChain } from '../track/motion-chain.ts';
import { carriedMeans } from './carried-means.ts';
import { cropCorrections } from './crop-offsets.ts';
import { expressionShares } from './expression-filter.ts';
import { EXPRESSION_GROUPS } from './expression-groups.ts';
import { rigidFitter } from './rigid-fit.ts';

/** Standard deviations of the zero-phase filters, frames. */
export interface SmoothingSigmas {
  /** Of the face's place and the rigid part of its shape, after the tracked motion is taken out. */
  readonly rigid: number;
  /** Of lips, lids and brows; above 1 it shortens blinks and flattens syllables. */
  readonly expression: number;
}

/** How a track is smoothed, and what is known of it besides its landmarks. */
export interface SmoothingOptions {
  readonly sigmas: SmoothingSigmas;
  /** Weight of each landmark, 0 = rigid … 1 = moved by expression. */
  readonly expressive: Float32Array;
  /** Confidence in each frame, ≥ 0. */
  readonly trust?: readonly number[];
  /** Factors on the standard deviation over the rigid part, one a frame. */
  readonly lengths?: readonly number[];
  /** Landmarks averaged over several crops; `index` counts the track's frames. */
  readonly means?: readonly { readonly index: number; readonly landmarks: Landmarks }[];
}

/**
 * Landmarks without the jitter of the network that placed them.
 *
 * A frame's neighbours are carried to it along the face's tracked motion, turns of the head included. So gate weave and head
 * motion are followed, never smoothed. The mean over many neighbours gives the face's place and its rigid part. The mean over
 * few, each fitted onto the long mean by its rigid part, gives lips, lids and brows. The fit takes the jitter that all landmarks
 * share out of expression.
 *
 * @param observed one frame after another, without gaps
 */
export function smoothLandmarks(
  observed: readonly Landmarks[],
  motion: MotionChain,
  { sigmas, expressive, trust, lengths, means = [] }: SmoothingOptions,
): Landmarks[] {
  const long = observed.map((_, k) => (lengths?.[k] ?? 1) * sigmas.rigid);
  const all = () => carriedMeans(observed, motion, { long, short: sigmas.expression, trust }, expressive);
  const shares =
    sigmas.expression < sigmas.rigid
      ? expressionShares(all(), observed.length, EXPRESSION_GROUPS, { short: sigmas.expression, long: sigmas.rigid })
      : null;
  const smoothed: Landmarks[] = [];
  for (const { long, short } of all()) {
    const k = smoothed.length;
    const face = long.slice();
    EXPRESSION_GROUPS.forEach((group, g) => {
      const share = shares ? (shares[g]?.[k] as number) : 1;
      for (const i of group) {
        const w = share * (expressive[i] as number);
        for (let c = 3 * i; c < 3 * i + 3; c++) face[c] = mix(long[c] as number, short[c] as number, w);
      }
    });
    smoothed.push(face);
  }
  return withCropCorrections(smoothed, means, expressive);
}

/** Smoothed faces, moved slowly to where means over several crops put them, in the face's own axes. */
function withCropCorrections(
  smoothed: Landmarks[],
  means: NonNullable<SmoothingOptions['means']>,
  expressive: Float32Array,
): Landmarks[] {
  if (means.length === 0) return smoothed;
  const rigidFit = rigidFitter(expressive);
  const offsets = means.map(({ index, landmarks }) => {
    const face = smoothed[index] as Landmarks;
    const axes = axesOf(face);
    return { index, move: compose(invert(axes), compose(rigidFit(face, landmarks), axes)) };
  });
  const correctionAt = cropCorrections(offsets);
  return smoothed.map((face, k) => {
    const axes = axesOf(face);
    return transformLandmarks(compose(axes, compose(correctionAt(k), invert(axes))), face, face);
  });
}

/** Carries an upright face around the origin, with one unit between its eyes, to its place in the picture. */
function axesOf(landmarks: Landmarks): Similarity {
  return fitSimilarity([-0.5, 0, 0.5, 0], fivePoints(landmarks).slice(0, 4));
}
