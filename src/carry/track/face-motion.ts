import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { fitRobustSimilarity, type RobustSimilarity } from '../../face/robust-similarity.ts';
import { coarseShift } from '../../motion/coarse-shift.ts';
import { followPoints, type PointFlow } from '../../motion/lucas-kanade.ts';
import type { PyramidLevel } from '../../motion/pyramid.ts';
import { compose3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { type AlignedFace, faceAligner } from './face-alignment.ts';
import { type FaceView, FOLLOWED_POINTS, outOfView } from './face-view.ts';

/**
 * Points that are followed, and iterations for each. They only start the alignment, which comes within 5 % from 16 or 24
 * (`bench -- carry`).
 */
const POINTS = 20;
const STEPS = 5;
/** Greatest shift of a face between two pictures that is searched, inter-ocular distances. */
const FARTHEST = 0.8;
/** Least share of the points that agree on one motion. */
const AGREEMENT = 0.5;
/**
 * Greatest median distance of the points from the motion that they agree on, over inter-ocular distance. The robust fit's scale
 * grows with the points' scatter, so that points which went to different places all count as agreeing.
 */
const SCATTER = 0.04;
/**
 * Least likeness of the face at a motion's end. Below it the points agree on something else: brows for eyes, or all on one spot.
 */
const ALIKE = 0.65;
/** Likeness from which larger shifts are not searched: nine tenths of the points of a swinging face once agreed on a wrong motion. */
const VERY_ALIKE = 0.9;
const LEAST_POINTS = 8;

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
 * Lucas–Kanade; the motion that most of them agree on is aligned on all pixels around them. Null where too few points agree, or
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
  const align = faceAligner({ from, to, landmarks, candidates }, distance * scale);
  const followedFrom = ({ x, y }: { readonly x: number; readonly y: number }): FoundMotion | null => {
    const guess = points.map((v, i) => v + (i % 2 === 0 ? x : y));
    const flow = followPoints(from.pyramid, to.pyramid, points, { guess, iterations: STEPS });
    const fit = agreedMotion(points, flow, SCATTER * distance * scale);
    return fit && { fit, ...align(inSpace(fit.similarity)) };
  };
  // Most faces hardly move from one picture to the next, so larger shifts are searched only where the near search fails.
  const near = followedFrom({ x: (from.x - to.x) * scale, y: (from.y - to.y) * scale });
  const isSure = near && near.likeness >= VERY_ALIKE;
  const far = isSure ? null : followedFrom(coarseShiftBetween(from, to, FARTHEST * distance * scale));
  const best = far && !(near && near.likeness >= far.likeness) ? far : near;
  if (!best || best.likeness < ALIKE) return null;
  return {
    step: compose3(outOfView(to), compose3(best.motion, invert3(outOfView(from)))),
    inliers: best.fit.inliers,
    residual: best.fit.median / (scale * distance),
  };
}

/** A motion that points agree on, aligned. */
interface FoundMotion extends AlignedFace {
  readonly fit: RobustSimilarity;
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
