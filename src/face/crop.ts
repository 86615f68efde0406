import { type FivePoints, fivePoints, type Landmarks } from './landmarks.ts';
import type { Detection } from './observation.ts';

/** A turned square of a picture, the input of a landmark network. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  /** Side, picture pixels. */
  readonly size: number;
  /** Radians, clockwise in the picture, by which the face is turned. */
  readonly angle: number;
}

/** How much larger than the face's box the crop of the FaceMesh network is (MediaPipe's face_detection_front_detection_to_roi). */
export const CROP_GROWTH = 1.5;

/** The crop for a face that a detector found. */
export function cropOfDetection(detection: Detection): Crop {
  const [x, y, width, height] = detection.box;
  return {
    x: x + width / 2,
    y: y + height / 2,
    size: Math.max(width, height) * CROP_GROWTH,
    angle: eyeAngle(detection.five),
  };
}

/** The crop for a face whose landmarks are known: the square around them, turned with the eyes, grown. */
export function cropOfLandmarks(landmarks: Landmarks): Crop {
  const angle = eyeAngle(fivePoints(landmarks));
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < landmarks.length; i += 3) {
    const u = cos * landmarks[i] + sin * landmarks[i + 1];
    const v = -sin * landmarks[i] + cos * landmarks[i + 1];
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  return {
    x: cos * u - sin * v,
    y: sin * u + cos * v,
    size: Math.max(right - left, bottom - top) * CROP_GROWTH,
    angle,
  };
}

function eyeAngle(five: FivePoints): number {
  return Math.atan2(five[3] - five[1], five[2] - five[0]);
}
