import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { STEADY_POINTS } from '../../face/regions.ts';
import { fitRobustSimilarity, type RobustSimilarity } from '../../face/robust-similarity.ts';
import { alignSimilarity } from '../../motion/align-similarity.ts';
import { coarseShift } from '../../motion/coarse-shift.ts';
import { normaliseLocally } from '../../motion/local-normalise.ts';
import { followPoints, type PointFlow } from '../../motion/lucas-kanade.ts';
import { lumaOfRegion } from '../../motion/luma.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../../motion/pyramid.ts';
import { compose3, inSpace, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { steepestOf } from '../../motion/steepest.ts';
import { extentOf } from './extent.ts';
import { faceDepth } from './face-depth.ts';

/**
 * Inter-ocular distance to which a face is shrunk before it is followed, pixels: a finer view adds cost and grain, not accuracy.
 */
const TRACKED_INTER_OCULAR = 56;
/** Side of the view over inter-ocular distance: the face and room to move. */
const REACH = 3.4;
/**
 * Points that are followed, and iterations for each. They only start the alignment, which comes within 5 % from 16 or 24
 * (`bench -- carry`).
 */
const POINTS = 20;
const STEPS = 5;
const PYRAMID_LEVELS = 3;
/** Greatest shift of a face between two pictures that is searched, inter-ocular distances. */
const FARTHEST = 0.8;
/** Radius of the local mean over inter-ocular distance. */
const NORMALISE = 0.25;
/** Least share of the points that agree on one motion. From the share SURE on, larger shifts are not searched. */
const AGREEMENT = 0.5;
const SURE = 0.8;
const LEAST_POINTS = 8;
/**
 * A view is used again while the face has not grown by more than this, and lies no farther than this from the view's centre,
 * inter-ocular distances.
 */
const GROWTH = 1.15;
const OFF_CENTRE = 0.3;

/** Corners of the eyes, inner and outer: beside the nose, the only texture of a smooth face that is stronger than grain. */
const EYE_CORNERS = [33, 133, 362, 263, 130, 243, 463, 359];

/** Landmarks that are followed: those that expression hardly moves, and the corners of the eyes. */
export const FOLLOWED_POINTS: readonly number[] = [...STEADY_POINTS, ...EYE_CORNERS];

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

/** A face and its surroundings in one picture, prepared for following: luma over its local mean, at three resolutions. */
export interface FaceView {
  readonly pyramid: Pyramid;
  /** Where the view's top-left edge lies, picture pixels. */
  readonly x: number;
  readonly y: number;
  /** View pixels per picture pixel. */
  readonly scale: number;
}

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
 * The view of a face near `landmarks`. Successive views share scale (`like`) and pixel grid, so that a still face is sampled
 * alike.
 */
export function viewOf(picture: RgbPicture, landmarks: Landmarks, like?: FaceView): FaceView {
  const five = fivePoints(landmarks);
  const distance = interOcular(five);
  const scale = like?.scale ?? Math.min(1, TRACKED_INTER_OCULAR / distance);
  const pixels = Math.max(32, Math.round(distance * REACH * scale));
  const side = pixels / scale;
  const x = Math.round(((five[4] as number) - side / 2) * scale) / scale;
  const y = Math.round(((five[5] as number) - side / 2) * scale) / scale;
  const luma = lumaOfRegion(picture, { x, y, width: side, height: side }, pixels, pixels);
  return { pyramid: pyramidOf(normaliseLocally(luma, NORMALISE * distance * scale), PYRAMID_LEVELS), x, y, scale };
}

/** True while a view shows the whole face at a fitting size, with room to move. */
export function isViewFor(view: FaceView, landmarks: Landmarks): boolean {
  const five = fivePoints(landmarks);
  const distance = interOcular(five);
  const growth = view.scale / Math.min(1, TRACKED_INTER_OCULAR / distance);
  const middle = view.pyramid.levels[0] as PyramidLevel;
  const dx = (five[4] as number) - view.x - middle.width / view.scale / 2;
  const dy = (five[5] as number) - view.y - middle.height / view.scale / 2;
  return growth < GROWTH && growth > 1 / GROWTH && Math.hypot(dx, dy) <= OFF_CENTRE * distance;
}

/**
 * Motion of the face between two views of one scale, measured on the texture of its rigid parts. Points are followed by
 * Lucas–Kanade; the motion that most of them agree on is refined on all pixels around them. Null where too few points agree.
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
  const followedFrom = ({ x, y }: { readonly x: number; readonly y: number }) => {
    const guess = points.map((v, i) => v + (i % 2 === 0 ? x : y));
    return agreedMotion(points, followPoints(from.pyramid, to.pyramid, points, { guess, iterations: STEPS }));
  };
  // Most faces hardly move from one picture to the next, so larger shifts are searched only where the near search fails.
  const near = followedFrom({ x: (from.x - to.x) * scale, y: (from.y - to.y) * scale });
  const fit =
    near && near.inliers >= SURE ? near : followedFrom(coarseShiftBetween(from, to, FARTHEST * distance * scale));
  if (!fit) return null;
  const motion = refined({ from, to, landmarks, candidates }, distance * scale, inSpace(fit.similarity));
  return {
    step: compose3(outOfView(to), compose3(motion, invert3(outOfView(from)))),
    inliers: fit.inliers,
    residual: fit.median / (scale * distance),
  };
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

/**
 * The motion that the points agree on, refined on all pixels around the candidates; unrefined where the refinement is too far
 * off.
 */
function refined(
  { from, to, landmarks, candidates }: FollowedFace,
  distance: number,
  agreed: Similarity3,
): Similarity3 {
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
  const aligned = alignSimilarity(before, after, { pixels, depth }, agreed);
  if (!aligned) return agreed;
  const out = outOfView(from);
  const apart = compose3(out, compose3(compose3(invert3(agreed), aligned.motion), invert3(out)));
  return extentOf(apart, landmarks) <= ELSEWHERE ? aligned.motion : agreed;
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

/** The one motion that enough of the followed points agree on. */
function agreedMotion(points: readonly number[], flow: PointFlow): RobustSimilarity | null {
  // The error of a point is that of its grain over its texture (Shi and Tomasi 1994): smooth cheeks count for less than nostrils.
  const weights = Float32Array.from(
    flow.found,
    (found, i) => (found * (flow.texture[i] as number)) / (0.02 + (flow.residual[i] as number)),
  );
  if (flow.found.reduce((sum, found) => sum + found, 0) < LEAST_POINTS) return null;
  const fit = fitRobustSimilarity(points, flow.points, weights);
  return fit && fit.inliers >= AGREEMENT ? fit : null;
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
