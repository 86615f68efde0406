import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { compose, fitSimilarity, invert, type Similarity, transformLandmarks } from '../../face/similarity.ts';
import { mix } from '../../film/interpolate.ts';
import { carriedMeans } from '../skip/carried-means.ts';
import { cropCorrections } from '../skip/crop-offsets.ts';
import type { MotionChain } from '../track/motion-chain.ts';
import { expressionShares } from './expression-filter.ts';
import { EXPRESSION_GROUPS } from './expression-groups.ts';
import { rigidFitter } from './rigid-fit.ts';

/** Standard deviations of the zero-phase filters, frames. */
export interface SmoothingSigmas {
  /** Where the face is and the rigid part of its shape, after its tracked motion has been taken out. */
  readonly rigid: number;
  /** Lips, lids and brows; above 1 it shortens blinks and flattens syllables. */
  readonly expression: number;
}

/** What is known of a track besides its landmarks. */
export interface SmoothingOptions {
  /** How far to believe each frame, ≥ 0. */
  readonly trust?: readonly number[];
  /** Factors on the standard deviation over the rigid part, one a frame. */
  readonly lengths?: readonly number[];
  /** Landmarks averaged over several crops; `index` counts the track's frames. */
  readonly means?: readonly { readonly index: number; readonly landmarks: Landmarks }[];
}

/**
 * Landmarks without the jitter of the network that placed them.
 *
 * A frame's neighbours are carried to it along the face's tracked motion, turns of the head included, so that gate weave and head
 * motion are followed and never smoothed. Over many of them the mean tells where the face is and what its rigid part is like; over
 * few, each laid onto that mean by its rigid part, what lips, lids and brows do. Laying them on takes the network's common jitter
 * out of expression, whatever its own filter.
 *
 * @param observed one frame after another, without gaps
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function smoothLandmarks(
  observed: readonly Landmarks[],
  motion: MotionChain,
  sigmas: SmoothingSigmas,
  expressive: Float32Array,
  { trust, lengths, means = [] }: SmoothingOptions = {},
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

/** Smoothed faces moved to where means over several crops put them, in the face's own axes, slowly. */
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

/** Carries a face upright around the origin, one unit between its eyes, to where it is. */
function axesOf(landmarks: Landmarks): Similarity {
  return fitSimilarity([-0.5, 0, 0.5, 0], fivePoints(landmarks).slice(0, 4));
}
