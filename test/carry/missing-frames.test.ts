import { describe, expect, it } from 'vitest';
import { append, emptyTrack, joinTo, prepend, type RawSighting } from '../../src/carry/raw-track.ts';
import type { Landmarks } from '../../src/face/landmarks.ts';
import { compose, IDENTITY, rootOf, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { HEAD } from './drawn-head.ts';
import { rawSighting } from './raw-sightings.ts';

/** A turn, a growth and a shift, as of a head in three frames. */
const MOVE: Similarity = { a: 1.06 * Math.cos(0.15), b: 1.06 * Math.sin(0.15), tx: 12, ty: -7 };

const seen = (landmarks: Landmarks, step: Similarity | null, exposure = 0.4): RawSighting => ({
  ...rawSighting(landmarks, 'motion', { exposure }),
  step,
});

function distance(a: Landmarks, b: Landmarks): number {
  return Math.max(...a.map((v, i) => Math.abs(v - (b[i] as number))));
}

describe('a part of a motion', () => {
  it('done as often as it was divided makes the whole', () => {
    for (const move of [MOVE, { ...IDENTITY, tx: 5, ty: 1 }, IDENTITY]) {
      const part = rootOf(move, 3);
      const whole = compose(part, compose(part, part));
      for (const key of ['a', 'b', 'tx', 'ty'] as const) expect(whole[key]).toBeCloseTo(move[key], 9);
    }
  });
});

describe('frames that are missing from a track', () => {
  it('have a carried sighting each, an equal part of the motion onwards', () => {
    const track = emptyTrack(10);
    track.sightings.push(seen(HEAD, null));
    append(track, 13, seen(transformLandmarks(MOVE, HEAD), MOVE, 0.55));
    expect(track.sightings.map(({ origin }) => origin)).toEqual(['detected', 'carried', 'carried', 'detected']);
    expect(track.sightings.map(({ look }) => look.landmarker)).toEqual(['motion', 'missing', 'missing', 'motion']);
    const part = rootOf(MOVE, 3);
    track.sightings.slice(1).forEach(({ landmarks, step }, k) => {
      expect(step).toEqual(part);
      const before = track.sightings[k] as RawSighting;
      expect(distance(landmarks, transformLandmarks(part, before.landmarks))).toBeLessThan(1e-3);
    });
    expect(track.sightings.map(({ light }) => light.exposure)).toEqual([
      0.4,
      expect.closeTo(0.45, 9),
      expect.closeTo(0.5, 9),
      0.55,
    ]);
  });

  it('are bridged straight where tracking could not tell', () => {
    const track = emptyTrack(0);
    track.sightings.push(seen(HEAD, null));
    const moved = HEAD.map((v) => v + 8);
    append(track, 2, seen(moved, null));
    expect(
      distance(
        (track.sightings[1] as RawSighting).landmarks,
        HEAD.map((v) => v + 4),
      ),
    ).toBeLessThan(1e-3);
  });

  it('are bridged backwards too, and between two tracks that are one', () => {
    const track = emptyTrack(20);
    track.sightings.push(seen(transformLandmarks(MOVE, HEAD), null));
    prepend(track, 18, seen(HEAD, null), MOVE);
    expect(track.in).toBe(18);
    expect(track.sightings.map(({ look }) => look.landmarker)).toEqual(['motion', 'missing', 'motion']);

    const earlier = emptyTrack(12);
    for (let k = 0; k < 4; k++) earlier.sightings.push(seen(HEAD, IDENTITY));
    joinTo(earlier, track, IDENTITY);
    expect(track.in).toBe(12);
    expect(track.sightings).toHaveLength(9);
    expect(track.sightings.filter(({ look }) => look.landmarker === 'missing')).toHaveLength(3);
  });
});
