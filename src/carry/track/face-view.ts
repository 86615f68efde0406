import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { EYE_CORNERS, STEADY_POINTS } from '../../face/regions.ts';
import { normaliseLocally } from '../../motion/local-normalise.ts';
import { type Luma, lumaOfRegion } from '../../motion/luma.ts';
import { type Pyramid, type PyramidLevel, pyramidOf } from '../../motion/pyramid.ts';
import { inSpace, type Similarity3 } from '../../motion/similarity3.ts';

/**
 * Inter-ocular distance to which a face is shrunk before it is followed, pixels: a finer view adds cost and grain, not accuracy.
 */
const TRACKED_INTER_OCULAR = 56;
/** Side of the view over inter-ocular distance: the face and room to move. */
const REACH = 3.4;
const PYRAMID_LEVELS = 3;
/** Radius of the local mean over inter-ocular distance. */
const NORMALISE = 0.25;
/**
 * A view is used again while the face has not grown by more than this, and lies no farther than this from the view's centre,
 * inter-ocular distances.
 */
const GROWTH = 1.15;
const OFF_CENTRE = 0.3;

/**
 * Landmarks that are followed: those that expression hardly moves, and the corners of the eyes, beside the nose the only texture of
 * a smooth face that is stronger than grain.
 */
export const FOLLOWED_POINTS: readonly number[] = [...STEADY_POINTS, ...EYE_CORNERS];

/** A face and its surroundings in one picture, prepared for following: luma over its local mean, at three resolutions. */
export interface FaceView {
  readonly pyramid: Pyramid;
  /** Where the view's top-left edge lies, picture pixels. */
  readonly x: number;
  readonly y: number;
  /** View pixels per picture pixel. */
  readonly scale: number;
}

/**
 * The view of a face near `landmarks`. Successive views share scale, size (`like`) and pixel grid, so that a still face is sampled
 * alike and a large shift between them can be found. The local mean is taken over a wider part than is kept: at an edge that it did not know it would stand still while the
 * face moves.
 */
export function viewOf(picture: RgbPicture, landmarks: Landmarks, like?: FaceView): FaceView {
  const distance = interOcular(fivePoints(landmarks));
  const scale = like?.scale ?? Math.min(1, TRACKED_INTER_OCULAR / distance);
  const pixels = like?.pyramid.levels[0]?.width ?? Math.max(32, Math.round(distance * REACH * scale));
  const radius = Math.max(1, Math.round(NORMALISE * distance * scale));
  const wide = pixels + 2 * radius;
  const side = wide / scale;
  const [middleX, middleY] = middleOf(landmarks);
  const x = Math.round((middleX - side / 2) * scale) / scale;
  const y = Math.round((middleY - side / 2) * scale) / scale;
  const luma = lumaOfRegion(picture, { x, y, width: side, height: side }, wide, wide);
  const kept = middleOfSquare(normaliseLocally(luma, radius), pixels);
  return { pyramid: pyramidOf(kept, PYRAMID_LEVELS), x: x + radius / scale, y: y + radius / scale, scale };
}

/** Carries a view's pixels to the picture's. */
export function outOfView({ x, y, scale }: FaceView): Similarity3 {
  return inSpace({ a: 1 / scale, b: 0, tx: x, ty: y });
}

/** The middle of the followed landmarks' box: of a head in three-quarter the nose lies far from it. */
function middleOf(landmarks: Landmarks): readonly [number, number] {
  const between = (c: number) => {
    const values = FOLLOWED_POINTS.map((i) => landmarks[3 * i + c] as number);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  return [between(0), between(1)];
}

function middleOfSquare({ width, samples }: Luma, side: number): Luma {
  const aside = (width - side) / 2;
  const kept = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = (y + aside) * width + aside;
    kept.set(samples.subarray(row, row + side), y * side);
  }
  return { width: side, height: side, samples: kept };
}

/** True while a view shows the whole face at a fitting size, with room to move. */
export function isViewFor(view: FaceView, landmarks: Landmarks): boolean {
  const distance = interOcular(fivePoints(landmarks));
  const growth = view.scale / Math.min(1, TRACKED_INTER_OCULAR / distance);
  const middle = view.pyramid.levels[0] as PyramidLevel;
  const [x, y] = middleOf(landmarks);
  const dx = x - view.x - middle.width / view.scale / 2;
  const dy = y - view.y - middle.height / view.scale / 2;
  return growth < GROWTH && growth > 1 / GROWTH && Math.hypot(dx, dy) <= OFF_CENTRE * distance;
}
