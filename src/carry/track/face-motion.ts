import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { fitRobustSimilarity, type RobustSimilarity } from '../../face/robust-similarity.ts';
import { alignSimilarity } from '../../motion/align-similarity.ts';
import { coarseShift } from '../../motion/coarse-shift.ts';
import { correlationAlong } from '../../motion/correlation.ts';
import { followPoints, type PointFlow } from '../../motion/lucas-kanade.ts';
import type { PyramidLevel } from '../../motion/pyramid.ts';
import { compose3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { steepestOf } from '../../motion/steepest.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { extentOf } from './extent.ts';
import { faceDepth } from './face-depth.ts';
import { type FaceView, FOLLOWED_POINTS } from './face-view.ts';

/**
 * Points that are followed, and iterations for each. They only start the alignment, which comes within 5 % from 16 or 24
 * (`bench -- carry`).
 */
const POINTS = 20;
const STEPS = 5;
/** Greatest shift of a face between two pictures that is searched, inter-ocular distances. */
const FARTHEST = 0.8;
/** Least share of the points that agree on one motion. From the share SURE on, larger shifts are not searched. */
const AGREEMENT = 0.5;
const SURE = 0.8;
/**
 * Greatest median distance of the points from the motion that they agree on, over inter-ocular distance. The robust fit's scale
 * grows with the points' scatter, so that points which went to different places all count as agreeing.
 */
const SCATTER = 0.04;
/**
 * Least correlation of the pixels around the landmarks with what lies at a motion's end, the level of the views at which
 * it is read, and the one of how many pixels that is read. Below it the points agree on something else: brows for eyes, or all on one spot.
 */
const ALIKE = 0.65;
/** Correlation from which larger shifts are not searched, however few points agree. */
const VERY_ALIKE = 0.9;
const LIKENESS_LEVEL = 1;
const LIKENESS_STRIDE = 4;
const LEAST_POINTS = 8;
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

/** How a face moved from one picture to the next. */
export interface FaceMotion {
  /** Carries landmarks with their depth, in picture pixels. */
  readonly step: Similarity3;
  /** Share of the followed points that agree, by weight, 0 … 1. */
  readonly inliers: number;
  /**
   * Median distance of a point from where the similarity puts it, over inter-ocular distance: grain, and motion that is no
   * similarity.
   */
  readonly residual: number;
}

/**
 * Motion of the face between two views of one scale, measured on the texture of its rigid parts. Points are followed by
 * Lucas–Kanade; the motion that most of them agree on is refined on all pixels around them. Null where too few points agree, or
 * where the face does not look alike at the motion's end.
 *
 * @param landmarks the face in `from`, picture pixels
 */
export function faceMotion(from: FaceView, to: FaceView, landmarks: Landmarks): FaceMotion | null {
  const { scale } = from;
  const distance = interOcular(fivePoints(landmarks));
  const candidates = FOLLOWED_POINTS.flatMap((i) => [
    ((landmarks[3 * i] as number) - from.x) * scale,
    ((landmarks[3 * i + 1] as number) - from.y) * scale,
  ]);
  const { levels } = from.pyramid;
  const points = mostTextured(levels[0] as PyramidLevel, candidates, POINTS);
  const refine = refiner({ from, to, landmarks, candidates }, distance * scale);
  const followedFrom = ({ x, y }: { readonly x: number; readonly y: number }): FoundMotion | null => {
    const guess = points.map((v, i) => v + (i % 2 === 0 ? x : y));
    const flow = followPoints(from.pyramid, to.pyramid, points, { guess, iterations: STEPS });
    const fit = agreedMotion(points, flow, SCATTER * distance * scale);
    return fit && { fit, ...refine(inSpace(fit.similarity)) };
  };
  // Most faces hardly move from one picture to the next, so larger shifts are searched only where the near search fails.
  const near = followedFrom({ x: (from.x - to.x) * scale, y: (from.y - to.y) * scale });
  const isSure = near && near.likeness >= (near.fit.inliers >= SURE ? ALIKE : VERY_ALIKE);
  const far = isSure ? null : followedFrom(coarseShiftBetween(from, to, FARTHEST * distance * scale));
  const best = far && !(near && near.likeness >= far.likeness) ? far : near;
  if (!best || best.likeness < ALIKE) return null;
  return {
    step: compose3(outOfView(to), compose3(best.motion, invert3(outOfView(from)))),
    inliers: best.fit.inliers,
    residual: best.fit.median / (scale * distance),
  };
}

/** A motion that points agree on, refined, and how like the face is at its end. */
interface FoundMotion extends Refined {
  readonly fit: RobustSimilarity;
}

/** Carries a view's pixels to the picture's. */
function outOfView({ x, y, scale }: FaceView): Similarity3 {
  return inSpace({ a: 1 / scale, b: 0, tx: x, ty: y });
}

/** A face between two views; `candidates` are its followed landmarks, x and y in pixels of `from`. */
interface FollowedFace {
  readonly from: FaceView;
  readonly to: FaceView;
  readonly landmarks: Landmarks;
  readonly candidates: readonly number[];
}

/** A motion between two views, and how like they are along it: correlation of the pixels around the candidates, −1 … 1. */
interface Refined {
  readonly motion: Similarity3;
  readonly likeness: number;
}

/**
 * Refines the motion that the points agree on, on all pixels around the candidates; it stays unrefined where the refinement is far
 * off and no more alike.
 *
 * @param distance between the eyes, pixels of the view
 */
function refiner(
  { from, to, landmarks, candidates }: FollowedFace,
  distance: number,
): (agreed: Similarity3) => Refined {
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
  const likenessAlong = likenessBetween({ from, to, landmarks, candidates }, pixels);
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
function likenessBetween({ from, to, landmarks }: FollowedFace, pixels: Int32Array): (motion: Similarity3) => number {
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

/** The one motion that enough of the followed points agree on, to within `scatter` pixels of the view. */
function agreedMotion(points: readonly number[], flow: PointFlow, scatter: number): RobustSimilarity | null {
  // The error of a point is that of its grain over its texture (Shi and Tomasi 1994): smooth cheeks count for less than nostrils.
  const weights = Float32Array.from(
    flow.found,
    (found, i) => (found * (flow.texture[i] as number)) / (0.02 + (flow.residual[i] as number)),
  );
  if (flow.found.reduce((sum, found) => sum + found, 0) < LEAST_POINTS) return null;
  const fit = fitRobustSimilarity(points, flow.points, weights);
  return fit && fit.inliers >= AGREEMENT && fit.median <= scatter ? fit : null;
}

/** Coarse shift between the centres of two views, in their pixels; zero where they differ in size. */
function coarseShiftBetween(
  from: FaceView,
  to: FaceView,
  farthest: number,
): { readonly x: number; readonly y: number } {
  const coarsest = Math.min(from.pyramid.levels.length, to.pyramid.levels.length) - 1;
  const [a, b] = [from, to].map(({ pyramid }) => pyramid.levels[coarsest]) as [PyramidLevel, PyramidLevel];
  if (a.width !== b.width || a.height !== b.height) return { x: 0, y: 0 };
  const { x, y } = coarseShift(a, b, Math.min(Math.floor(farthest / 2 ** coarsest), a.width >> 2));
  return { x: x * 2 ** coarsest, y: y * 2 ** coarsest };
}

/** The `count` points that are best to follow: largest smaller eigenvalue of the structure tensor (Shi and Tomasi 1994). */
function mostTextured(level: PyramidLevel, points: readonly number[], count: number): number[] {
  const scored = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    scored.push({ i, texture: textureAt(level, points[i] as number, points[i + 1] as number) });
  }
  return scored
    .sort((p, q) => q.texture - p.texture || p.i - q.i)
    .slice(0, count)
    .flatMap(({ i }) => [points[i] as number, points[i + 1] as number]);
}

/** Half the side of the square whose texture is measured, pixels of the view. */
const TEXTURE_RADIUS = 4;

function textureAt(level: PyramidLevel, x: number, y: number): number {
  const left = Math.floor(x) - TEXTURE_RADIUS;
  const top = Math.floor(y) - TEXTURE_RADIUS;
  const side = 2 * TEXTURE_RADIUS + 1;
  if (left < 0 || top < 0 || left + side > level.width || top + side > level.height) return 0;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let row = top; row < top + side; row++) {
    for (let k = row * level.width + left, end = k + side; k < end; k++) {
      const u = level.dx[k] as number;
      const v = level.dy[k] as number;
      xx += u * u;
      xy += u * v;
      yy += v * v;
    }
  }
  return xx + yy - Math.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
}
