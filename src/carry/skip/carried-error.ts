import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { LEFT_EYE, LIPS_INNER, LIPS_OUTER, RIGHT_EYE, STEADY_POINTS } from '../../face/regions.ts';

const LIPS = [...LIPS_OUTER, ...LIPS_INNER];
const EYES = [...LEFT_EYE, ...RIGHT_EYE];

/** Distance of carried landmarks from a network's, root mean square over inter-ocular distance, by part of the face. */
export function carriedError(
  carried: Landmarks,
  placed: Landmarks,
): { readonly rigid: number; readonly lips: number; readonly lids: number; readonly all: number } {
  const size = interOcular(fivePoints(placed));
  const over = (points: readonly number[]) => {
    let sum = 0;
    for (const i of points) {
      const dx = (carried[3 * i] as number) - (placed[3 * i] as number);
      const dy = (carried[3 * i + 1] as number) - (placed[3 * i + 1] as number);
      sum += dx * dx + dy * dy;
    }
    return Math.sqrt(sum / points.length) / size;
  };
  const [rigid, lips, lids] = [over(STEADY_POINTS), over(LIPS), over(EYES)];
  return { rigid, lips, lids, all: Math.sqrt((rigid * rigid + lips * lips + lids * lids) / 3) };
}
