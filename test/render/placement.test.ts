import { describe, expect, it } from 'vitest';
import { packedLength, packTrack } from '../../src/face/packed-track.ts';
import { transformLandmarks } from '../../src/face/similarity.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { sampleFormat } from '../../src/film/sample-format.ts';
import { placementIn } from '../../src/render/placement.ts';
import { trackOf } from '../pipeline/face-tracks.ts';

const PLATE = { format: sampleFormat('yuv420p'), width: 1280, height: 720 };

describe('a placement', () => {
  const loose = trackOf('t1', 3, 60);
  const track = packTrack(loose, new Float32Array(packedLength(loose)));

  it('lies in memory of its own, so that posting it does not post its track', () => {
    const placement = placementIn(track, 256, 5, PLATE);
    expect(placement?.onPlate).toEqual(track.observations[2]?.landmarks);
    expect(placement?.landmarks.buffer.byteLength).toBe(placement?.landmarks.byteLength);
    expect(placement?.light.band.buffer.byteLength).toBe(placement?.light.band.byteLength);
  });

  it('tells the face in the patch, and the whole chroma sites of the plate under it', () => {
    const placement = placementIn(track, 256, 5, PLATE);
    if (!placement) throw new Error('The track shows frame 5.');
    const { toPatch, onPlate, landmarks, roi } = placement;
    expect(landmarks).toEqual(transformLandmarks(toPatch, onPlate));
    expect([roi.x % 2, roi.y % 2, roi.width % 2, roi.height % 2]).toEqual([0, 0, 0, 0]);
    expect(roi.x).toBeLessThan(500);
    expect(roi.x + roi.width).toBeGreaterThan(500);
  });

  it('is faded in over three frames where its track appears within a shot, and out where it vanishes', () => {
    const fades = (ends: Pick<FaceTrack, 'appears' | 'vanishes'>) =>
      [3, 4, 5, 6, 30, 56, 57, 58, 59].map((frame) => placementIn({ ...loose, ...ends }, 256, frame, PLATE)?.fade);
    expect(fades({}).every((fade) => fade === 1)).toBe(true);
    expect(fades({ appears: 3, vanishes: 60 })).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 0.75, 0.5, 0.25]);
    // A part of a track knows how the whole one ends.
    expect(fades({ appears: 1, vanishes: 61 })).toEqual([0.75, 1, 1, 1, 1, 1, 1, 0.75, 0.5]);
  });

  it('is none where the track does not show the frame', () => {
    expect(placementIn(track, 256, 2, PLATE)).toBeNull();
    expect(placementIn(track, 256, 60, PLATE)).toBeNull();
  });
});
