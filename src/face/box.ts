import type { Landmarks } from './landmarks.ts';
import type { Box } from './observation.ts';

/** The upright rectangle around the landmarks. */
export function boxOfLandmarks(landmarks: Landmarks): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < landmarks.length; i += 3) {
    left = Math.min(left, landmarks[i]);
    right = Math.max(right, landmarks[i]);
    top = Math.min(top, landmarks[i + 1]);
    bottom = Math.max(bottom, landmarks[i + 1]);
  }
  return [left, top, right - left, bottom - top];
}
