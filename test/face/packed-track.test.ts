import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT } from '../../src/face/landmarks.ts';
import { BAND_DIRECTIONS, type FaceObservation } from '../../src/face/observation.ts';
import { packedLength, packTrack } from '../../src/face/packed-track.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { mulberry32 } from '../motion/texture.ts';

function drawnTrack(): FaceTrack {
  const random = mulberry32(4);
  const floats = (length: number) => Float32Array.from({ length }, random);
  const observation = (frame: number): FaceObservation => ({
    frame,
    origin: frame === 3 ? 'detected' : 'carried',
    score: random(),
    landmarks: floats(3 * LANDMARK_COUNT),
    light: { exposure: 0.4, colour: [1, 2, 3, 4, 5, 6], band: floats(3 * BAND_DIRECTIONS), blur: 1, grain: 0.02 },
  });
  const identitySamples = [{ frame: 3, quality: 0.5, embedding: floats(128) }];
  return { id: 't1', shot: 0, in: 3, out: 6, observations: [3, 4, 5].map(observation), identitySamples };
}

describe('a packed track', () => {
  const track = drawnTrack();
  const memory = new Float32Array(packedLength(track));
  const packed = packTrack(track, memory);

  it('equals the track, with all its floats in the given memory', () => {
    expect(packed).toEqual(track);
    const seen = [
      ...packed.observations.flatMap(({ landmarks, light }) => [landmarks, light.band]),
      ...packed.identitySamples.map(({ embedding }) => embedding),
    ];
    for (const part of seen) expect(part.buffer).toBe(memory.buffer);
    expect(seen.reduce((sum, part) => sum + part.length, 0)).toBe(memory.length);
  });

  it('moves to another thread whole, and leaves nothing behind', () => {
    const arrived = structuredClone(packed, { transfer: [memory.buffer] });
    expect(arrived).toEqual(track);
    expect(memory).toHaveLength(0);
  });
});
