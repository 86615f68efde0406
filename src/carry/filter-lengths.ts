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

/** Factors on the standard deviations of a track's filters, one a frame. */
export interface FilterLengths {
  /** Of the still parts' shape: below 1 while the head turns, since what the camera sees of it changes. */
  readonly shape: readonly number[];
  /** Of the pose: the same, and above 1 while the landmark network rests. */
  readonly pose: readonly number[];
}

export function filterLengths(sightings: readonly RawSighting[], observed: readonly Landmarks[]): FilterLengths {
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
  const shape = observed.map((_, k) => {
    const before = turns[Math.max(0, k - 1)] as Float32Array;
    const after = turns[Math.min(turns.length - 1, k + 1)] as Float32Array;
    const [yaw, pitch] = [0, 1].map((c) => (after[c] as number) - (before[c] as number)) as [number, number];
    return 1 / (1 + Math.hypot(yaw, pitch) / 2 / TURN);
  });
  return { shape, pose: shape.map((f, k) => f * (1 + (AT_REST - 1) * ((rests[k] as Float32Array)[0] as number))) };
}
