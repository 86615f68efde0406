import { CANONICAL_POINTS } from './canonical-face.ts';
import type { Landmarks } from './landmarks.ts';

/**
 * The number that each landmark has in the mirror: that of the canonical face's point at −x, y, z. The canonical face is symmetric to
 * its last digit, so that every point has exactly one.
 */
export const MIRRORED_POINTS: readonly number[] = mirroredPoints();

function mirroredPoints(): number[] {
  const placeOf = (i: number, sign: 1 | -1) =>
    [sign * CANONICAL_POINTS[3 * i], CANONICAL_POINTS[3 * i + 1], CANONICAL_POINTS[3 * i + 2]].map((v) => v + 0).join();
  const numbers = Array.from({ length: CANONICAL_POINTS.length / 3 }, (_, i) => i);
  const at = new Map(numbers.map((i) => [placeOf(i, 1), i]));
  return numbers.map((i) => at.get(placeOf(i, -1)) as number);
}

/** A face as it lies in the mirror image of a picture of that width, numbered as any face. */
export function mirrorLandmarks(landmarks: Landmarks, width: number): Landmarks {
  const mirrored = new Float32Array(landmarks.length);
  for (const [i, j] of MIRRORED_POINTS.entries()) {
    mirrored[3 * i] = width - landmarks[3 * j];
    mirrored[3 * i + 1] = landmarks[3 * j + 1];
    mirrored[3 * i + 2] = landmarks[3 * j + 2];
  }
  return mirrored;
}
