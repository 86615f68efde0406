import type { Landmarks } from '../../face/landmarks.ts';
import { alignSimilarity } from '../../motion/align-similarity.ts';
import { correlationAlong } from '../../motion/correlation.ts';
import type { PyramidLevel } from '../../motion/pyramid.ts';
import { compose3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { steepestOf } from '../../motion/steepest.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { extentOf } from './extent.ts';
import { faceDepth } from './face-depth.ts';
import { type FaceView, FOLLOWED_POINTS, outOfView } from './face-view.ts';

/**
 * Radius, over inter-ocular distance, of the disc around each followed landmark whose pixels are aligned. With 0.3, lids and
 * mouth disturbed the alignment.
 */
const DISC = 0.18;
/** Softness of depth, over inter-ocular distance: the width of a nose's bridge. */
const NOSE = 0.06;
/** Share of those pixels, the steepest, that are aligned: all of them take half as long again and are no steadier (`bench -- carry`). */
const STEEPEST = 0.4;
/**
 * Greatest distance of an alignment from the motion that the points agree on, over inter-ocular distance. Beyond it the alignment
 * is wrong.
 */
const ELSEWHERE = 0.06;
/** Level of the views at which likeness is read, and the one of how many pixels. */
const LIKENESS_LEVEL = 1;
const LIKENESS_STRIDE = 4;

/** A face between two views; `candidates` are its followed landmarks, x and y in pixels of `from`. */
interface FollowedFace {
  readonly from: FaceView;
  readonly to: FaceView;
  readonly landmarks: Landmarks;
  readonly candidates: readonly number[];
}

/** A motion between two views, and how like they are along it: correlation of the pixels around the candidates, −1 … 1. */
export interface AlignedFace {
  readonly motion: Similarity3;
  readonly likeness: number;
}

/**
 * Makes a function that aligns two views of a face on all pixels around the candidates, from the motion that followed points agree
 * on. That motion stays where the alignment is far off and no more alike.
 *
 * @param distance between the eyes, pixels of the view
 */
export function faceAligner(
  { from, to, landmarks, candidates }: FollowedFace,
  distance: number,
): (agreed: Similarity3) => AlignedFace {
  const [before, after] = [from.pyramid.levels[0] as PyramidLevel, to.pyramid.levels[0] as PyramidLevel];
  const pixels = pixelsAround(before, candidates, DISC * distance);
  const points = Float32Array.from(
    FOLLOWED_POINTS.flatMap((i, k) => [
      candidates[2 * k] as number,
      candidates[2 * k + 1] as number,
      (landmarks[3 * i + 2] as number) * from.scale,
    ]),
  );
  const depth = faceDepth(pixels, before, points, NOSE * distance);
  const likenessAlong = likenessBetween({ from, to, landmarks }, pixels);
  const out = outOfView(from);
  return (agreed) => {
    const aligned = alignSimilarity(before, after, { pixels, depth }, agreed);
    const start = { motion: agreed, likeness: likenessAlong(agreed) };
    if (!aligned) return start;
    const end = { motion: aligned.motion, likeness: likenessAlong(aligned.motion) };
    const apart = compose3(out, compose3(compose3(invert3(agreed), aligned.motion), invert3(out)));
    return extentOf(apart, landmarks) <= ELSEWHERE || end.likeness > start.likeness ? end : start;
  };
}

/** Likeness of some of the pixels along motions between two views, read at the coarser level, whose pixels average grain. */
function likenessBetween(
  { from, to, landmarks }: Omit<FollowedFace, 'candidates'>,
  pixels: Int32Array,
): (motion: Similarity3) => number {
  const level = Math.min(LIKENESS_LEVEL, from.pyramid.levels.length - 1, to.pyramid.levels.length - 1);
  const factor = 2 ** level;
  const [before, after] = [from.pyramid.levels[level] as PyramidLevel, to.pyramid.levels[level] as PyramidLevel];
  const { width } = from.pyramid.levels[0] as PyramidLevel;
  const some = Int32Array.from({ length: Math.ceil(pixels.length / LIKENESS_STRIDE) }, (_, k) => {
    const p = pixels[k * LIKENESS_STRIDE] as number;
    const row = Math.floor(p / width);
    return Math.floor(row / factor) * before.width + Math.floor((p - row * width) / factor);
  });
  const coarser = inSpace({ a: 1 / factor, b: 0, tx: 0, ty: 0 });
  const finer = inSpace({ a: factor, b: 0, tx: 0, ty: 0 });
  const depth = (centroidOf(landmarks)[2] * from.scale) / factor;
  return (motion) =>
    correlationAlong(before, after, { pixels: some, depth }, compose3(coarser, compose3(motion, finer)));
}

/** Indices of the steepest pixels within `radius` of any point, at least two pixels from the border. */
function pixelsAround(level: PyramidLevel, points: readonly number[], radius: number): Int32Array {
  const { width, height } = level;
  const taken = new Uint8Array(width * height);
  const around = new Int32Array(width * height);
  let count = 0;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    for (let v = Math.max(2, Math.ceil(y - radius)); v <= Math.min(height - 3, y + radius); v++) {
      const half = Math.sqrt(Math.max(0, radius * radius - (v + 0.5 - y) ** 2));
      const last = v * width + Math.min(width - 3, Math.floor(x + half));
      for (let p = v * width + Math.max(2, Math.ceil(x - half)); p <= last; p++) {
        if (taken[p] === 1) continue;
        taken[p] = 1;
        around[count++] = p;
      }
    }
  }
  return steepestOf(level, around.subarray(0, count), STEEPEST);
}
