import { describe, expect, it } from 'vitest';
import { packedLength, packTrack } from '../../src/face/packed-track.ts';
import { placementIn } from '../../src/render/placement.ts';
import { trackOf } from '../pipeline/face-tracks.ts';

describe('a placement', () => {
  const loose = trackOf('t1', 3, 60);
  const track = packTrack(loose, new Float32Array(packedLength(loose)));

  it('lies in memory of its own, so that posting it does not post its track', () => {
    const placement = placementIn(track, 256, 5);
    expect(placement?.landmarks).toEqual(track.observations[2]?.landmarks);
    expect(placement?.landmarks.buffer.byteLength).toBe(placement?.landmarks.byteLength);
    expect(placement?.light.band.buffer.byteLength).toBe(placement?.light.band.byteLength);
  });

  it('is none where the track does not show the frame', () => {
    expect(placementIn(track, 256, 2)).toBeNull();
    expect(placementIn(track, 256, 60)).toBeNull();
  });
});
