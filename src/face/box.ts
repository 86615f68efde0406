import type { Landmarks } from './landmarks.ts';
import type { Box } from './observation.ts';

/** The upright rectangle around the landmarks. */
export function boxOfLandmarks(landmarks: Landmarks): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < landmarks.length; i += 3) {
    left = Math.min(left, landmarks[i] as number);
    right = Math.max(right, landmarks[i] as number);
    top = Math.min(top, landmarks[i + 1] as number);
    bottom = Math.max(bottom, landmarks[i + 1] as number);
  }
  return [left, top, right - left, bottom - top];
}
