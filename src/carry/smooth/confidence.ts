import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { median } from '../../motion/quantile.ts';
import { carryPoints } from '../../motion/similarity3.ts';
import type { MotionChain } from '../track/motion-chain.ts';
import type { RawObservation } from '../track/raw-observation.ts';

/** Presence at which the network's answer has full confidence, and at which it has none: MediaPipe's own floor. */
const SURE = 0.9;
const LOST = 0.5;
/**
 * Difference of a frame's exposure from its neighbours', natural logarithm: confidence falls from the first on and ends at the
 * second.
 */
const ODD_LIGHT = 0.12;
const FLASH = 0.4;
/** Frames on either side with which a frame's exposure and place are compared. */
const NEIGHBOURS = 5;
/** Least distance from the median of its neighbours that counts as normal, over inter-ocular distance. */
const NORMAL = 0.01;
/** Least confidence of a frame, so that it still counts where no neighbour is better. */
const LEAST = 0.02;

/**
 * Confidence in each frame's landmarks, 0 … 1. It is least in a missing frame. It falls where presence is low, where the light
 * jumps (a flash, a burn), and where the face lies off the place that tracking and the frames around give it (occlusion, blur).
 */
export function confidences(
  observations: readonly RawObservation[],
  observed: readonly Landmarks[],
  motion: MotionChain,
): number[] {
  const size = median(observed.map((landmarks) => interOcular(fivePoints(landmarks))));
  const aside = observed.map((_, k) => {
    const around: (readonly number[])[] = [];
    for (let j = Math.max(0, k - NEIGHBOURS); j <= Math.min(observed.length - 1, k + NEIGHBOURS); j++) {
      around.push(fivePoints(carryPoints(motion(j, k), observed[j] as Landmarks)));
    }
    const five = fivePoints(observed[k] as Landmarks);
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const d = (five[i] as number) - median(around.map((other) => other[i] as number));
      sum += d * d;
    }
    return Math.sqrt(sum / 3) / size;
  });
  const normal = Math.max(NORMAL, 1.5 * median(aside));
  return observations.map(({ presence, light, decision }, k) => {
    if (decision.landmarker === 'missing') return LEAST;
    const seen = (presence - LOST) / (SURE - LOST);
    const others = observations
      .slice(Math.max(0, k - NEIGHBOURS), k + NEIGHBOURS + 1)
      .map((other) => other.light.exposure)
      .filter((exposure) => exposure > 0);
    const jump = light.exposure > 0 && others.length > 0 ? Math.abs(Math.log(light.exposure / median(others))) : 0;
    const lit = 1 - (jump - ODD_LIGHT) / (FLASH - ODD_LIGHT);
    const off = Math.max(0, (aside[k] as number) / normal - 2);
    return Math.max(LEAST, Math.min(1, seen) * Math.min(1, lit) * (1 / (1 + off * off)));
  });
}
