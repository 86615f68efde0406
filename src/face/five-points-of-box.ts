import { boxOfLandmarks } from './box.ts';
import { CANONICAL_POINTS } from './canonical-face.ts';
import { type FivePoints, fivePoints } from './landmarks.ts';
import type { Box } from './observation.ts';

const [left, top, width, height] = boxOfLandmarks(CANONICAL_POINTS);

/** Five points of the canonical face, shares of its box. */
const IN_BOX = fivePoints(CANONICAL_POINTS).map((v, k) => (k % 2 === 0 ? (v - left) / width : (v - top) / height));

/**
 * Rough points for a detector that gives a box alone: those of an upright, frontal face. All that tracking takes from them is the
 * line of the eyes, by which the landmark network's first crop is turned; its second one goes by its own landmarks.
 */
export function fivePointsOfBox(box: Box): FivePoints {
  return IN_BOX.map((share, k) => box[k % 2] + share * box[2 + (k % 2)]);
}
