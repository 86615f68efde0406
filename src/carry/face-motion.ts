import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import type { RgbPicture } from '../face/networks.ts';
import { fitRobustSimilarity } from '../face/robust-similarity.ts';
import type { Similarity } from '../face/similarity.ts';
import { coarseShift } from '../motion/coarse-shift.ts';
import { normaliseLocally } from '../motion/local-normalise.ts';
import { followPoints } from '../motion/lucas-kanade.ts';
import { lumaOfRegion } from '../motion/luma.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../motion/pyramid.ts';

/** Inter-ocular distance to which a face is shrunk before it is tracked, pixels: finer adds cost and grain, not accuracy. */
const TRACKED_INTER_OCULAR = 56;
/** Side of the tracked square over inter-ocular distance: the face and room to move. */
const REACH = 3.4;
/** Points followed; with 24 the error on real clips rose by two fifths, more than 40 gave nothing. */
const POINTS = 40;
const PYRAMID_LEVELS = 3;
/** Farthest that a face is looked for from one picture to the next, inter-ocular distances. */
const FARTHEST = 0.8;
/** Radius of the local mean over inter-ocular distance. */
const NORMALISE = 0.25;
/** Share of the points that must agree on one motion. */
const AGREEMENT = 0.5;
const LEAST_POINTS = 8;

/**
 * How a face moved from one picture to the next: a similarity in picture pixels, measured on the texture of its rigid parts by
 * Lucas–Kanade on luma divided by its local mean. Null where too few points agree.
 *
 * @param landmarks the face in `from`
 * @param rigid numbers of the landmarks that expression does not move
 */
export function faceMotion(
  from: RgbPicture,
  to: RgbPicture,
  landmarks: Landmarks,
  rigid: readonly number[],
): Similarity | null {
  const five = fivePoints(landmarks);
  const distance = interOcular(five);
  const side = distance * REACH;
  const scale = Math.min(1, TRACKED_INTER_OCULAR / distance);
  const pixels = Math.max(32, Math.round(side * scale));
  const region = {
    x: (five[4] as number) - side / 2,
    y: (five[5] as number) - side / 2,
    width: side,
    height: side,
  };
  const toRegion = pixels / side;
  const prepare = (picture: RgbPicture): Pyramid =>
    pyramidOf(
      normaliseLocally(lumaOfRegion(picture, region, pixels, pixels), NORMALISE * distance * toRegion),
      PYRAMID_LEVELS,
    );
  const before = prepare(from);
  const candidates = rigid.flatMap((i) => [
    ((landmarks[3 * i] as number) - region.x) * toRegion,
    ((landmarks[3 * i + 1] as number) - region.y) * toRegion,
  ]);
  const points = mostTextured(before.levels[0] as PyramidLevel, candidates, POINTS);
  const after = prepare(to);
  const coarsest = before.levels.length - 1;
  const shift = coarseShift(
    before.levels[coarsest] as PyramidLevel,
    after.levels[coarsest] as PyramidLevel,
    Math.floor((pixels * FARTHEST) / (REACH * 2 ** coarsest)),
  );
  const start = [shift.x * 2 ** coarsest, shift.y * 2 ** coarsest];
  const flow = followPoints(before, after, points, { guess: points.map((v, i) => v + (start[i % 2] as number)) });
  const weights = Float32Array.from(flow.found, (found, i) => found / (0.02 + (flow.residual[i] as number)));
  if (flow.found.reduce((sum, found) => sum + found, 0) < LEAST_POINTS) return null;
  const fit = fitRobustSimilarity(points, flow.points, weights);
  if (!fit || fit.inliers < AGREEMENT) return null;
  return inPicture(fit.similarity, region.x, region.y, toRegion);
}

/** A similarity of region pixels as one of picture pixels. */
function inPicture(s: Similarity, x: number, y: number, scale: number): Similarity {
  return {
    a: s.a,
    b: s.b,
    tx: s.tx / scale + x - s.a * x + s.b * y,
    ty: s.ty / scale + y - s.b * x - s.a * y,
  };
}

/** The `count` points whose surroundings hold on best: largest smaller eigenvalue of the structure tensor (Shi and Tomasi 1994). */
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
