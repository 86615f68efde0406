import type { Landmarks } from '../../face/landmarks.ts';
import { poseOf } from '../../face/pose.ts';
import { smoothInTime } from './zero-phase.ts';

/**
 * Turn of the head out of the picture's plane, radians a frame, that halves the filters' length, since depth is only a guess.
 * With 0.04, landmarks of turning heads lay 2.1 % of the distance between the eyes off the truth; with this, 1.6 (`bench --
 * carry`).
 */
const TURN = 0.012;
/** Standard deviation of the filter over the turn, frames. */
const TURN_SIGMA = 3;

/**
 * Factors on the standard deviation of a track's filter over the rigid part, one a frame. They are below 1 while the head turns,
 * since the visible side changes with every frame.
 */
export function filterLengths(observed: readonly Landmarks[]): number[] {
  const turns = smoothInTime(
    observed.map((landmarks) => {
      const { yaw, pitch } = poseOf(landmarks);
      return Float32Array.of(yaw, pitch);
    }),
    TURN_SIGMA,
  );
  return observed.map((_, k) => {
    const before = turns[Math.max(0, k - 1)] as Float32Array;
    const after = turns[Math.min(turns.length - 1, k + 1)] as Float32Array;
    const [yaw, pitch] = [0, 1].map((c) => (after[c] as number) - (before[c] as number)) as [number, number];
    return 1 / (1 + Math.hypot(yaw, pitch) / 2 / TURN);
  });
}
