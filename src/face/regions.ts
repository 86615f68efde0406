import { clamp } from '../film/interpolate.ts';
import { CANONICAL_POINTS } from './canonical-face.ts';
import { LANDMARK_COUNT } from './landmarks.ts';

/*
 * Landmark numbers by region, after `MESH_ANNOTATIONS` of npm `@tensorflow-models/facemesh` 0.0.5 (Apache-2.0, Google LLC).
 * "Left" and "right" are the picture's, as in `FivePoints`. Loops run clockwise on the screen.
 */

/** The rim of the mesh: 36 points from the middle of the forehead down the picture's right side. It ends below the hair line. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/** Where the lips meet the skin: 20 points from the left corner over the upper lip. */
export const LIPS_OUTER: readonly number[] = [
  61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
];

/** Where the lips meet each other: 20 points from the left corner over the upper lip. */
export const LIPS_INNER: readonly number[] = [
  78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
];

/** The rims of the lids: 16 points each, from the left corner over the upper lid. */
export const LEFT_EYE: readonly number[] = [
  33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7,
];
export const RIGHT_EYE: readonly number[] = [
  362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382,
];

/** Corners of both eyes, on rim and skin, which expression does not move. */
export const EYE_CORNERS: readonly number[] = [33, 133, 362, 263, 130, 243, 463, 359];

/** The skin of the lids: two rings around each eye. */
export const LIDS: readonly number[] = [
  247, 30, 29, 27, 28, 56, 190, 130, 25, 110, 24, 23, 22, 26, 112, 243, 113, 225, 224, 223, 222, 221, 189, 467, 260,
  259, 257, 258, 286, 414, 359, 255, 339, 254, 253, 252, 256, 341, 463, 342, 445, 444, 443, 442, 441, 413,
];

/** Outlines of the brows: 10 points each, the upper edge first. */
export const LEFT_BROW: readonly number[] = [70, 63, 105, 66, 107, 55, 65, 52, 53, 46];
export const RIGHT_BROW: readonly number[] = [336, 296, 334, 293, 300, 276, 283, 282, 295, 285];

/** Distance from lips, lids or brows over which skin moves with them, thousandths of a canonical centimetre. */
const REACH = 1300;

/**
 * How far a landmark moves with expression rather than with the skull: 468 values, 1 on lips, lids, brows and chin, falling to 0
 * on nose, temples and upper cheeks. For filters that must keep a blink and may steady the rest.
 */
export const EXPRESSIVENESS: Float32Array = expressiveness();

/** Landmarks that hardly move with expression, for pose, following and smoothing: not lips, lids, brows, jaw nor the oval. */
export const STEADY_POINTS: readonly number[] = steadyPoints();

function expressiveness(): Float32Array {
  const movers = [...LIPS_OUTER, ...LIPS_INNER, ...LEFT_EYE, ...RIGHT_EYE, ...LEFT_BROW, ...RIGHT_BROW];
  // Everything below the mouth's line rides on the jaw.
  const jaw = y(61);
  const noseBase = y(2);
  return Float32Array.from({ length: LANDMARK_COUNT }, (_, i) => {
    const nearest = Math.min(...movers.map((m) => canonicalDistance(i, m)));
    const near = nearest === 0 ? 1 : Math.exp(-((nearest / REACH) ** 2));
    const onJaw = clamp((y(i) - noseBase) / (jaw - noseBase), 0, 1);
    return Math.max(near, onJaw);
  });
}

function steadyPoints(): readonly number[] {
  const moving = new Set([
    ...FACE_OVAL,
    ...LIPS_OUTER,
    ...LIPS_INNER,
    ...LEFT_EYE,
    ...RIGHT_EYE,
    ...LIDS,
    ...LEFT_BROW,
    ...RIGHT_BROW,
  ]);
  return Array.from({ length: LANDMARK_COUNT }, (_, i) => i).filter((i) => !moving.has(i) && EXPRESSIVENESS[i] < 0.25);
}

function y(i: number): number {
  return CANONICAL_POINTS[3 * i + 1];
}

function canonicalDistance(a: number, b: number): number {
  return Math.hypot(
    CANONICAL_POINTS[3 * a] - CANONICAL_POINTS[3 * b],
    y(a) - y(b),
    CANONICAL_POINTS[3 * a + 2] - CANONICAL_POINTS[3 * b + 2],
  );
}
