import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { applyX, applyY, compose, fitSimilarity, invert, type Similarity } from '../../face/similarity.ts';
import type { PyramidLevel } from '../../motion/pyramid.ts';
import { inPlane, type Similarity3 } from '../../motion/similarity3.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import type { FaceView } from '../track/face-view.ts';

/** Change of a face's appearance by tile, root mean square of luma over its local mean. */
export interface TileChange {
  readonly mouth: number;
  /** Of the eye that changed more. */
  readonly eyes: number;
  /** Between eyes and nose tip, where nothing moves: grain, and the head's turn out of the picture's plane. */
  readonly nose: number;
}

/** Half width and height of each tile, inter-ocular distances. */
const MOUTH = [0.5, 0.38] as const;
const EYE = [0.3, 0.2] as const;
const NOSE = [0.24, 0.26] as const;
/** Samples per inter-ocular distance. They are read at the coarser level of the view, whose pixels average grain. */
const DENSITY = 24;
const LEVEL = 1;
/** Least share of a tile's samples that both views must show; below it nothing is known of the tile. */
const LEAST_SEEN = 0.5;

/**
 * Compares a face with itself in another frame, carried there by `motion`.
 *
 * The views' luma is divided by its local mean, and each tile's mean difference is taken out, so that exposure and light do not
 * count. What lies beyond a view's edge does not either: the mouth of a head in three-quarter is far from the view's middle. Infinite where
 * more than half of a tile does.
 */
export function tileChange(from: FaceView, landmarks: Landmarks, to: FaceView, motion: Similarity3): TileChange {
  const five = fivePoints(landmarks);
  const upright = fitSimilarity([-0.5, 0, 0.5, 0], five.slice(0, 4));
  const toUpright = invert(upright);
  const placed = (x: number, y: number) => [applyX(toUpright, x, y), applyY(toUpright, x, y)] as const;
  const [ax, ay, bx, by, nx, ny, lx, ly, rx, ry] = five as unknown as Ten;
  const nose = placed((ax + bx) / 4 + nx / 2, (ay + by) / 4 + ny / 2);
  const mouth = placed((lx + rx) / 2, (ly + ry) / 2);
  const before = placedIn(from, upright);
  const after = placedIn(to, compose(inPlane(motion, centroidOf(landmarks)[2]), upright));
  const change = (middle: readonly [number, number], half: readonly [number, number]) =>
    differenceOf(before, after, middle, half);
  return {
    mouth: change(mouth, MOUTH),
    eyes: Math.max(change([-0.5, 0], EYE), change([0.5, 0], EYE)),
    nose: change(nose, NOSE),
  };
}

type Ten = readonly [number, number, number, number, number, number, number, number, number, number];

/** The coarser level of a view, and what carries the upright face's coordinates to its samples, counted from pixel centres. */
interface PlacedFace {
  readonly level: PyramidLevel;
  readonly toLevel: Similarity;
}

function placedIn({ pyramid, x, y, scale }: FaceView, upright: Similarity): PlacedFace {
  const factor = pyramid.levels.length > LEVEL ? scale / 2 ** LEVEL : scale;
  return {
    level: pyramid.levels[LEVEL] ?? (pyramid.levels[0] as PyramidLevel),
    toLevel: {
      a: upright.a * factor,
      b: upright.b * factor,
      tx: (upright.tx - x) * factor - 0.5,
      ty: (upright.ty - y) * factor - 0.5,
    },
  };
}

function differenceOf(
  { level: a, toLevel: toA }: PlacedFace,
  { level: b, toLevel: toB }: PlacedFace,
  [mx, my]: readonly [number, number],
  [halfWidth, halfHeight]: readonly [number, number],
): number {
  const columns = Math.round(2 * halfWidth * DENSITY);
  const rows = Math.round(2 * halfHeight * DENSITY);
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let j = 0; j < rows; j++) {
    const v = my + halfHeight * ((2 * j + 1) / rows - 1);
    for (let i = 0; i < columns; i++) {
      const u = mx + halfWidth * ((2 * i + 1) / columns - 1);
      const [ax, ay, bx, by] = [applyX(toA, u, v), applyY(toA, u, v), applyX(toB, u, v), applyY(toB, u, v)];
      if (!(isWithin(a, ax, ay) && isWithin(b, bx, by))) continue;
      const d = bilinear(b, bx, by) - bilinear(a, ax, ay);
      sum += d;
      squares += d * d;
      count += 1;
    }
  }
  if (count < LEAST_SEEN * columns * rows) return Infinity;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

function isWithin({ width, height }: PyramidLevel, x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
}

function bilinear({ width, height, samples }: PyramidLevel, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1.001);
  const cy = Math.min(Math.max(y, 0), height - 1.001);
  const left = cx | 0;
  const top = cy | 0;
  const fx = cx - left;
  const p = top * width + left;
  const above = (samples[p] as number) * (1 - fx) + (samples[p + 1] as number) * fx;
  const below = (samples[p + width] as number) * (1 - fx) + (samples[p + width + 1] as number) * fx;
  return above + (cy - top) * (below - above);
}
