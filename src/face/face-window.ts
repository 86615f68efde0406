import { type Luma, lumaOfRegion } from '../motion/luma.ts';
import { fivePoints, interOcular, type Landmarks } from './landmarks.ts';
import type { RgbPicture } from './networks.ts';

/** Side of the window over inter-ocular distance: brows to lips. */
const REACH = 1.8;
/** A larger face is measured in its middle: more pixels cost time and give the same result. */
const LARGEST = 112;
const SMALLEST = 16;

/**
 * The luma of the part of a face that has edges, at the picture's own resolution: a square around the nose tip of at most 112
 * pixels. Null where too little of it lies in the picture.
 */
export function eyesToMouth(picture: RgbPicture, landmarks: Landmarks): Luma | null {
  const five = fivePoints(landmarks);
  const side = Math.min(LARGEST, Math.round(REACH * interOcular(five)));
  // Between the middle of the eyes and the nose tip: both eyes and the mouth fit.
  const x = (five[0] + five[2] + 2 * five[4]) / 4;
  const y = (five[1] + five[3] + 2 * five[5]) / 4;
  const left = Math.max(0, Math.round(x - side / 2));
  const top = Math.max(0, Math.round(y - side / 2));
  const width = Math.min(picture.width, Math.round(x + side / 2)) - left;
  const height = Math.min(picture.height, Math.round(y + side / 2)) - top;
  if (width < SMALLEST || height < SMALLEST) return null;
  return lumaOfRegion(picture, { x: left, y: top, width, height }, width, height);
}
