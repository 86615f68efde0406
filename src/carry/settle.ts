import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import { compose, fitSimilarity, invert, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { cropCorrections } from './crop-offsets.ts';
import { filterExpression } from './expression-filter.ts';
import { EXPRESSION_GROUPS } from './expression-groups.ts';
import { motionChain } from './motion-chain.ts';
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
 * Each frame is taken back along the face's tracked motion into one still frame, so that gate weave and head motion are followed
 * and never smoothed. There it is split into a similarity (pose) and what is left (shape); pose and rigid shape are smoothed long,
 * expression short where it moves, and all is carried forward along the motion again. Smoothing the pose also takes the network's common jitter
 * out of lips and lids, whatever their own filter.
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
  const still = observed.map((landmarks, k) => transformLandmarks(back[k] as Similarity, landmarks));

  const reference = centredReference(still, expressive);
  const poses = still.map((landmarks) => rigidFit(reference, landmarks, expressive));
  const shapes = still.map((landmarks, k) => transformLandmarks(invert(poses[k] as Similarity), landmarks));

  const pose = smoothInTime(
    poses.map((p) => Float32Array.of(p.a, p.b, p.tx, p.ty)),
    lengths?.map((f) => f * sigmas.pose) ?? sigmas.pose,
    trust,
  );
  const rigid = smoothInTime(shapes, lengths?.map((f) => f * sigmas.shape) ?? sigmas.shape, trust);
  const short = smoothInTime(shapes, sigmas.expression, trust);
  const expression =
    sigmas.expression < sigmas.shape
      ? filterExpression(shapes, short, rigid, EXPRESSION_GROUPS, interOcular(fivePoints(reference)))
      : short;

  const settled = observed.map((_, k) => {
    const [a, b, tx, ty] = pose[k] as Float32Array as unknown as [number, number, number, number];
    const blended = (rigid[k] as Float32Array).map((value, i) => {
      const w = expressive[Math.floor(i / 3)] as number;
      return value + w * (((expression[k] as Float32Array)[i] as number) - value);
    });
    return transformLandmarks({ a, b, tx, ty }, blended);
  });
  const offsets = means.map(({ index, landmarks }) => ({
    index,
    settled: settled[index] as Landmarks,
    mean: transformLandmarks(back[index] as Similarity, landmarks),
  }));
  const corrections = cropCorrections(offsets, observed.length, (from, to) => rigidFit(from, to, expressive));
  return settled.map((landmarks, k) => {
    const correction = corrections?.[k];
    const carry = forth[k] as Similarity;
    return transformLandmarks(correction ? compose(carry, correction) : carry, landmarks);
  });
}

/** The mean face of the still frames, centred on the origin, so that turn and scale do not move it. */
function centredReference(still: readonly Landmarks[], expressive: Float32Array): Landmarks {
  const middle = still[Math.floor(still.length / 2)] as Landmarks;
  const mean = new Float64Array(middle.length);
  for (const landmarks of still) {
    const aligned = transformLandmarks(invert(rigidFit(middle, landmarks, expressive)), landmarks);
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (aligned[i] as number) / still.length;
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

function rigidFit(from: Landmarks, to: Landmarks, expressive: Float32Array): Similarity {
  return fitSimilarity(
    planar(from),
    planar(to),
    expressive.map((w) => 1 - w),
  );
}

/** x and y of x, y, z triples. */
function planar(landmarks: Landmarks): Float32Array {
  const out = new Float32Array((landmarks.length / 3) * 2);
  for (let i = 0, o = 0; i < landmarks.length; i += 3) {
    out[o++] = landmarks[i] as number;
    out[o++] = landmarks[i + 1] as number;
  }
  return out;
}
