import { expect, test } from 'vitest';
import { BAND_DIRECTIONS, type FaceObservation } from '../../src/face/observation.ts';
import { facesOfTracks } from '../../src/face/re-identification.ts';
import type { FaceTrack } from '../../src/face/track.ts';
import { headAt } from '../carry/drawn-stage.ts';

const ALIKE = 0.5;

/** A track at `x` whose only identity sample lies along an axis of its own. */
function track(
  id: string,
  [from, out]: [number, number],
  x: number,
  look: { axis: number; quality: number },
): FaceTrack {
  const light = {
    exposure: 0.4,
    colour: [0, 0, 0, 0, 0, 0],
    band: new Float32Array(3 * BAND_DIRECTIONS),
    blur: 0,
    grain: 0,
  };
  const observations = Array.from({ length: out - from }, (_, k): FaceObservation => {
    return { frame: from + k, origin: 'detected', score: 0.9, landmarks: headAt(x), light };
  });
  const embedding = Float32Array.from({ length: 4 }, (_, i) => (i === look.axis ? 1 : 0));
  return {
    id,
    shot: 0,
    in: from,
    out,
    observations,
    identitySamples: [{ frame: from, embedding, quality: look.quality }],
  };
}

const grouped = (...tracks: FaceTrack[]) => facesOfTracks(tracks, ALIKE).map((face) => face.map(({ id }) => id));

const GOOD = 0.8;
const POOR = 0;

test('a track that goes on soon where another ended shows its face, where either is too poor to be told', () => {
  const first = track('a', [0, 20], 0, { axis: 0, quality: GOOD });
  expect(grouped(first, track('b', [24, 40], 12, { axis: 1, quality: POOR }))).toEqual([['a', 'b']]);
  expect(grouped(first, track('b', [24, 40], 12, { axis: 1, quality: GOOD }))).toEqual([['a'], ['b']]);
});

test('one that begins elsewhere, or much later, or while the other is still in view, shows another', () => {
  const first = track('a', [0, 20], 0, { axis: 0, quality: GOOD });
  expect(grouped(first, track('b', [24, 40], 150, { axis: 1, quality: POOR }))).toEqual([['a'], ['b']]);
  expect(grouped(first, track('b', [60, 80], 0, { axis: 1, quality: POOR }))).toEqual([['a'], ['b']]);
  expect(grouped(first, track('b', [19, 40], 0, { axis: 1, quality: POOR }))).toEqual([['a'], ['b']]);
});

test('the shortest absence counts where two could go on', () => {
  const first = track('a', [0, 20], 0, { axis: 0, quality: POOR });
  const soon = track('b', [21, 40], 10, { axis: 1, quality: POOR });
  const later = track('c', [25, 40], 0, { axis: 2, quality: POOR });
  expect(grouped(first, soon, later)).toEqual([['a', 'b'], ['c']]);
});

test('tracks that are alike are one face, however long it was away', () => {
  const looks = { axis: 0, quality: GOOD };
  expect(grouped(track('a', [0, 20], 0, looks), track('b', [200, 240], 150, looks))).toEqual([['a', 'b']]);
});
