import { describe, expect, it } from 'vitest';
import type { RawObservation } from '../../../src/carry/track/raw-observation.ts';
import { append, emptyTrack, joinTo, prepend } from '../../../src/carry/track/raw-track.ts';
import type { Landmarks } from '../../../src/face/landmarks.ts';
import { carryPoints, IDENTITY3, motionAbout, root3, type Similarity3 } from '../../../src/motion/similarity3.ts';
import { HEAD } from '../drawn-head.ts';
import { rawObservation } from '../raw-observations.ts';

/** A turn in and out of the plane, a growth and a shift, as of a head in three frames. */
const MOVE: Similarity3 = motionAbout({
  centre: [160, 140, 0],
  growth: 0.06,
  roll: 0.15,
  yaw: 0.2,
  pitch: -0.1,
  right: 12,
  down: -7,
});

const seen = (landmarks: Landmarks, step: Similarity3 | null, exposure = 0.4): RawObservation => ({
  ...rawObservation(landmarks, 'motion', { exposure }),
  step,
});

function distance(a: Landmarks, b: Landmarks): number {
  return Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number))));
}

describe('frames that are missing from a track', () => {
  it('have a carried sighting each, an equal part of the motion onwards', () => {
    const track = emptyTrack(10);
    track.observations.push(seen(HEAD, null));
    append(track, 13, seen(carryPoints(MOVE, HEAD), MOVE, 0.55));
    expect(track.observations.map(({ origin }) => origin)).toEqual(['detected', 'carried', 'carried', 'detected']);
    expect(track.observations.map(({ decision }) => decision.landmarker)).toEqual([
      'motion',
      'missing',
      'missing',
      'motion',
    ]);
    const part = root3(MOVE, 3);
    track.observations.slice(1).forEach(({ landmarks, step }, k) => {
      expect(step).toEqual(part);
      const before = track.observations[k] as RawObservation;
      expect(distance(landmarks, carryPoints(part, before.landmarks))).toBeLessThan(1e-3);
    });
    expect(track.observations.map(({ light }) => light.exposure)).toEqual([
      0.4,
      expect.closeTo(0.45, 9),
      expect.closeTo(0.5, 9),
      0.55,
    ]);
  });

  it('are bridged straight where tracking could not tell', () => {
    const track = emptyTrack(0);
    track.observations.push(seen(HEAD, null));
    const moved = HEAD.map((v) => v + 8);
    append(track, 2, seen(moved, null));
    expect(
      distance(
        (track.observations[1] as RawObservation).landmarks,
        HEAD.map((v) => v + 4),
      ),
    ).toBeLessThan(1e-3);
  });

  it('are bridged backwards too, and between two tracks that are one', () => {
    const track = emptyTrack(20);
    track.observations.push(seen(carryPoints(MOVE, HEAD), null));
    prepend(track, 18, seen(HEAD, null), MOVE);
    expect(track.in).toBe(18);
    expect(track.observations.map(({ decision }) => decision.landmarker)).toEqual(['motion', 'missing', 'motion']);

    const earlier = emptyTrack(12);
    for (let k = 0; k < 4; k++) earlier.observations.push(seen(HEAD, IDENTITY3));
    joinTo(earlier, track, IDENTITY3);
    expect(track.in).toBe(12);
    expect(track.observations).toHaveLength(9);
    expect(track.observations.filter(({ decision }) => decision.landmarker === 'missing')).toHaveLength(3);
  });
});
