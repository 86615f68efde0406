import { describe, expect, it } from 'vitest';
import { beyondTrack } from '../../../src/carry/smooth/beyond-track.ts';
import { boxOfLandmarks } from '../../../src/face/box.ts';
import type { FaceTrack } from '../../../src/face/track.ts';
import { drawFace } from '../../face/drawn-face.ts';
import { trackOf } from '../../pipeline/face-tracks.ts';

const SHOT = { in: 0, out: 100 };
const REACH = { margin: 4, bridge: 12 };

/** A face that moves so many pixels a frame to the right. */
function moving(id: string, from: number, out: number, at: number, speed = 2): FaceTrack {
  const track = trackOf(id, from, out);
  return {
    ...track,
    observations: track.observations.map((one, k) => ({
      ...one,
      landmarks: drawFace({ x: at + speed * k, y: 300, interOcular: 60 }),
    })),
  };
}

function boxIn({ in: first, observations }: FaceTrack, frame: number) {
  const [x, , width] = boxOfLandmarks(observations[frame - first]?.landmarks as Float32Array);
  return { middle: x + width / 2, width };
}

describe('beyondTrack', () => {
  it('adds frames at both ends, in which the face moves on and grows', () => {
    const track = moving('a', 20, 40, 200);
    const shown = beyondTrack(track, [track], SHOT, REACH);
    expect([shown.in, shown.out]).toEqual([16, 44]);
    expect(shown.observations.map(({ frame }) => frame)).toEqual(Array.from({ length: 28 }, (_, k) => 16 + k));
    const [last, next, end] = [39, 40, 43].map((frame) => boxIn(shown, frame)) as [Box, Box, Box];
    expect(next.middle - last.middle).toBeCloseTo(2 * 0.85, 1);
    expect(end.width / last.width).toBeCloseTo(1.12, 3);
    expect(boxIn(shown, 19).middle).toBeCloseTo(boxIn(shown, 20).middle - 2 * 0.85, 1);
    expect(shown.observations.slice(4, 24)).toEqual(track.observations);
  });

  it('never leaves the shot', () => {
    const track = moving('a', 2, 98, 200);
    const shown = beyondTrack(track, [track], SHOT, REACH);
    expect([shown.in, shown.out]).toEqual([0, 100]);
  });

  it('goes on to where the face is found again, and covers both places on the way', () => {
    const [lost, found] = [moving('a', 20, 40, 200), moving('b', 50, 60, 260)];
    const tracks = [lost, found];
    const shown = beyondTrack(lost, tracks, SHOT, REACH);
    expect([shown.in, shown.out]).toEqual([16, 50]);
    const middles = Array.from({ length: 10 }, (_, k) => boxIn(shown, 40 + k).middle);
    expect([...middles].sort((a, b) => a - b)).toEqual(middles);
    expect(boxIn(shown, 45).width).toBeGreaterThan(1.1 * boxIn(shown, 39).width);
    // What leads up to the second is the first one's.
    expect(beyondTrack(found, tracks, SHOT, REACH).in).toBe(50);
  });

  it('takes nobody for the same who is elsewhere, of another size, in another shot, or too late', () => {
    const lost = moving('a', 20, 40, 200);
    const apart = moving('b', 45, 60, 600);
    const late = moving('b', 53, 60, 240);
    const elsewhere = { ...moving('b', 45, 60, 240), shot: 1 };
    const large = {
      ...apart,
      observations: apart.observations.map((one) => ({
        ...one,
        landmarks: drawFace({ x: 240, y: 300, interOcular: 120 }),
      })),
    };
    for (const other of [apart, late, elsewhere, large]) {
      expect(beyondTrack(lost, [lost, other], SHOT, REACH).out).toBe(44);
      expect(beyondTrack(other, [lost, other], SHOT, REACH).in).toBe(other.in - 4);
    }
  });
});

type Box = ReturnType<typeof boxIn>;
