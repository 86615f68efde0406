import type { Landmarks } from '../../face/landmarks.ts';
import { STEADY_POINTS } from '../../face/regions.ts';

/** The mean of a face's still points, x, y and depth. */
export function centroidOf(landmarks: Landmarks): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0];
  for (const i of STEADY_POINTS) {
    for (const c of [0, 1, 2] as const) mean[c] += (landmarks[3 * i + c] as number) / STEADY_POINTS.length;
  }
  return mean;
}
