import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { applyX, applyY } from '../../face/similarity.ts';
import { inPlane, type Similarity3 } from '../../motion/similarity3.ts';
import { centroidOf } from '../smooth/still-centroid.ts';

/**
 * Farthest shift of any part of a face under a motion, over inter-ocular distance. The face is a square around the nose with
 * sides of two inter-ocular distances.
 */
export function extentOf(motion: Similarity3, landmarks: Landmarks): number {
  const five = fivePoints(landmarks);
  const step = inPlane(motion, centroidOf(landmarks)[2]);
  const distance = interOcular(five);
  let most = 0;
  for (const dx of [-distance, distance]) {
    for (const dy of [-distance, distance]) {
      const x = (five[4] as number) + dx;
      const y = (five[5] as number) + dy;
      most = Math.max(most, Math.hypot(applyX(step, x, y) - x, applyY(step, x, y) - y));
    }
  }
  return most / distance;
}
