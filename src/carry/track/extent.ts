import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { applyX, applyY } from '../../face/similarity.ts';
import { inPlane, type Similarity3 } from '../../motion/similarity3.ts';
import { centroidOf } from '../smooth/still-centroid.ts';

/** How far a motion carries the farthest part of a face, a square of two inter-ocular distances around its nose, over inter-ocular distance. */
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
