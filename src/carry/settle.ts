import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import { compose, invert, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { cropCorrections } from './crop-offsets.ts';
import { expressionShares } from './expression-filter.ts';
import { EXPRESSION_GROUPS } from './expression-groups.ts';
import { motionChain } from './motion-chain.ts';
import { rigidFitter } from './rigid-fit.ts';
import { smoothedShapes } from './shape-window.ts';
import { smoothInTime } from './zero-phase.ts';

/** Standard deviations of the zero-phase filters, frames. */
export interface SettleSigmas {
  /** Where the face is, how large and how turned, after its tracked motion has been taken out. */
  readonly pose: number;
  /** The rigid part of the face's shape. */
  readonly shape: number;
  /** Lips, lids and brows; above 1 it shortens blinks and flattens syllables. */
  readonly expression: number;
}

/** What is known of a track besides its landmarks. */
export interface SettleOptions {
  /** How far to believe each frame, ≥ 0. */
  readonly trust?: readonly number[];
  /** Factors on the standard deviations of pose and shape, one a frame. */
  readonly lengths?: readonly number[];
  /** Landmarks averaged over several crops; `index` counts the track's frames. */
  readonly means?: readonly { readonly index: number; readonly landmarks: Landmarks }[];
}

/**
 * Landmarks without the jitter of the network that placed them.
 *
 * Each frame is split into a similarity (pose) and what is left (shape). The pose is taken back along the face's tracked motion
 * into one still frame, so that gate weave and head motion are followed and never smoothed. There it is smoothed long, as the
 * rigid shape is; expression is smoothed short where it moves; and all is carried forward along the motion again. Smoothing the
 * pose also takes the network's common jitter out of lips and lids, whatever their own filter.
 *
 * @param observed one frame after another, without gaps
 * @param steps `steps[k]` carries frame `k − 1` to frame `k`; `steps[0]` is not used
 * @param expressive weight of each landmark, 0 = rigid … 1 = moved by expression
 */
export function settle(
  observed: readonly Landmarks[],
  steps: readonly Similarity[],
  sigmas: SettleSigmas,
  expressive: Float32Array,
  { trust, lengths, means = [] }: SettleOptions = {},
): Landmarks[] {
  if (observed.length === 0) return [];
  const { forth, back } = motionChain(steps, observed.length);
  const rigidFit = rigidFitter(expressive);
  const reference = meanFace(observed, rigidFit);
  const places = observed.map((landmarks) => rigidFit(reference, landmarks));

  const long = observed.map((_, k) => (lengths?.[k] ?? 1) * sigmas.shape);
  const filters = { long, longest: Math.max(...long), short: sigmas.expression, trust };
  const shapes = () => smoothedShapes(observed, places, filters);
  const size = interOcular(fivePoints(reference));
  const shares =
    sigmas.expression < sigmas.shape
      ? expressionShares(shapes(), observed.length, EXPRESSION_GROUPS, size, {
          short: sigmas.expression,
          long: sigmas.shape,
        })
      : null;
  const settled: Landmarks[] = [];
  for (const { long, short } of shapes()) {
    const k = settled.length;
    const shape = long.slice();
    EXPRESSION_GROUPS.forEach((group, g) => {
      const share = shares ? (shares[g]?.[k] as number) : 1;
      for (const i of group) {
        const w = share * (expressive[i] as number);
        for (let c = 3 * i; c < 3 * i + 3; c++) shape[c] = mix(long[c] as number, short[c] as number, w);
      }
    });
    settled.push(shape);
  }

  const poses = smoothedPoses(places, back, lengths?.map((f) => f * sigmas.pose) ?? sigmas.pose, trust);
  const offsets = means.map(({ index, landmarks }) => {
    const pose = poses[index] as Similarity;
    // Both in the still frame: what fits a face to another also fits what is carried along with both.
    const move = compose(
      compose(back[index] as Similarity, rigidFit(settled[index] as Landmarks, landmarks)),
      invert(pose),
    );
    return { index, move };
  });
  const correctionAt = cropCorrections(offsets);
  return settled.map((shape, k) => {
    const place = compose(compose(forth[k] as Similarity, correctionAt(k)), poses[k] as Similarity);
    return transformLandmarks(place, shape, shape);
  });
}

/** Where the face would lie in each frame without its tracked motion, smoothed. */
function smoothedPoses(
  places: readonly Similarity[],
  back: readonly Similarity[],
  sigma: number | readonly number[],
  trust: readonly number[] | undefined,
): Similarity[] {
  const still = places.map((place, k) => {
    const { a, b, tx, ty } = compose(back[k] as Similarity, place);
    return Float32Array.of(a, b, tx, ty);
  });
  return smoothInTime(still, sigma, trust).map((pose) => {
    const [a, b, tx, ty] = pose as unknown as [number, number, number, number];
    return { a, b, tx, ty };
  });
}

/** The mean face of a track in the size of its middle frame, centred on the origin, so that turn and scale do not move it. */
function meanFace(observed: readonly Landmarks[], rigidFit: (from: Landmarks, to: Landmarks) => Similarity): Landmarks {
  const middle = observed[Math.floor(observed.length / 2)] as Landmarks;
  const mean = new Float64Array(middle.length);
  const aligned = new Float32Array(middle.length);
  for (const landmarks of observed) {
    transformLandmarks(invert(rigidFit(middle, landmarks)), landmarks, aligned);
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (aligned[i] as number) / observed.length;
  }
  let x = 0;
  let y = 0;
  const points = mean.length / 3;
  for (let i = 0; i < mean.length; i += 3) {
    x += (mean[i] as number) / points;
    y += (mean[i + 1] as number) / points;
  }
  return Float32Array.from(mean, (value, i) => (i % 3 === 0 ? value - x : i % 3 === 1 ? value - y : value));
}

function mix(from: number, to: number, share: number): number {
  return from + share * (to - from);
}
