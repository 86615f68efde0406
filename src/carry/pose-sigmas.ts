import type { Landmarks } from '../face/landmarks.ts';
import { poseOf } from '../face/pose.ts';
import type { RawSighting } from './raw-track.ts';
import { smoothInTime } from './zero-phase.ts';

/** Turn of the head out of the picture's plane, radians a frame, that halves the filter's length: a similarity cannot follow it. */
const TURN = 0.012;
/** Standard deviation of the filter through which the turn is seen, frames. */
const TURN_SIGMA = 3;
/** How many times longer the filter is where the landmark network rests and its rare looks all measure one thing. */
const AT_REST = 3;
/** Standard deviation of the filter over what is rest, frames. */
const REST_SIGMA = 6;

/** The standard deviation of the pose's filter for every frame: shorter while the head turns, longer while it rests. */
export function poseSigmas(sightings: readonly RawSighting[], observed: readonly Landmarks[], sigma: number): number[] {
  if (!(sigma > 0)) return observed.map(() => 0);
  const turns = smoothInTime(
    observed.map((landmarks) => {
      const { yaw, pitch } = poseOf(landmarks);
      return Float32Array.of(yaw, pitch);
    }),
    TURN_SIGMA,
  );
  const rests = smoothInTime(
    sightings.map(({ origin }) => Float32Array.of(origin === 'carried' ? 1 : 0)),
    REST_SIGMA,
  );
  return observed.map((_, k) => {
    const before = turns[Math.max(0, k - 1)] as Float32Array;
    const after = turns[Math.min(turns.length - 1, k + 1)] as Float32Array;
    const rate =
      Math.hypot((after[0] as number) - (before[0] as number), (after[1] as number) - (before[1] as number)) / 2;
    const rest = (rests[k] as Float32Array)[0] as number;
    return (sigma * (1 + (AT_REST - 1) * rest)) / (1 + rate / TURN);
  });
}
