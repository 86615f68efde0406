import { describe, expect, it } from 'vitest';
import type { FaceTrack } from '../../../src/face/track.ts';
import { type FacesToKey, keyedFaces } from '../../../src/pipeline/kept/face-keys.ts';
import type { TakeOrigin } from '../../../src/pipeline/work/take-origin.ts';
import { CPU } from '../../../src/render/rendering-device.ts';
import { NO_OVERRIDES, type Overrides } from '../../../src/settings/overrides.ts';
import { castTrack, REPAIR } from '../cast-tracks.ts';
import { landmarksAt, trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

const SHOT = { index: 0, in: 8, out: 40 };
const GIVEN: FacesToKey = {
  take: { shot: 0, in: 16, out: 32, touched: true },
  shot: SHOT,
  tracks: [castTrack(REPAIR)],
  device: CPU,
};
const FROM: TakeOrigin = {
  print: 'quick:abc',
  reel: reelOf(),
  overrides: NO_OVERRIDES,
  renderVersion: 1,
  ffmpeg: '5.1',
  networks: {},
};
const GPU = {
  kind: 'gpu',
  vendor: 'v',
  architecture: 'a',
  device: 'd',
  description: 'one',
  version: '1',
  kernels: 'k',
} as const;

/** The keys of the faces of frame 20 in their order. */
function keysOf(given: Partial<FacesToKey> = {}, from: Partial<TakeOrigin> = {}): string[] {
  const faces = [...keyedFaces({ ...GIVEN, ...given }, { ...FROM, ...from })];
  return faces.filter(({ frame }) => frame === 20).map(({ key }) => key);
}

/** A track whose landmarks are elsewhere in one frame. */
function moved(frame: number, track = trackOf('t1', 0, 48)): FaceTrack {
  const observations = track.observations.map((o) => (o.frame === frame ? { ...o, landmarks: landmarksAt(9, 9) } : o));
  return { ...track, observations };
}

/** The same face a hundred pixels to the right, so that its region lies over the other's. */
function beside(dx: number): FaceTrack {
  const track = trackOf('t2', 0, 48);
  const shifted = (landmarks: Float32Array) => landmarks.map((v, k) => (k % 3 === 0 ? v + dx : v));
  return { ...track, observations: track.observations.map((o) => ({ ...o, landmarks: shifted(o.landmarks) })) };
}

const box: [number, number, number, number] = [0, 0, 4, 4];
const holding = (...holdouts: Overrides['holdouts']): Overrides => ({ ...NO_OVERRIDES, holdouts, hash: 'other' });
const stronger = { ...REPAIR, settings: { ...REPAIR.settings, grainRatio: 0 } };
const two = (second: FaceTrack, first = castTrack(REPAIR)) => ({ tracks: [first, castTrack(REPAIR, {}, second)] });

describe('the key of a face in a frame', () => {
  it.each<[string, Partial<FacesToKey>, Partial<TakeOrigin>?]>([
    ['the reel', {}, { print: 'quick:abd' }],
    ['the render version', {}, { renderVersion: 2 }],
    ['ffmpeg', {}, { ffmpeg: '6.0' }],
    ['the device', { device: GPU }],
    ['a setting of the restorer', { tracks: [castTrack(stronger)] }],
    ['a still', { tracks: [castTrack(REPAIR, { stills: ['a'.repeat(64)] })] }],
    ['a landmark within the window', { tracks: [castTrack(REPAIR, {}, moved(24))] }],
    ['a cut within the window', { shot: { ...SHOT, out: 24 } }],
    ['a damaged frame within the window', {}, { reel: reelOf({ damaged: new Map([[16, 'torn']]) }) }],
  ])('changes with %s', (_, given, from) => {
    expect(keysOf(given, from)[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keysOf(given, from)[0]).not.toBe(keysOf()[0]);
  });

  it.each<[string, Partial<FacesToKey>, Partial<TakeOrigin>?]>([
    ['the take that it lies in', { take: { ...GIVEN.take, in: 20, out: 21 } }],
    ['a landmark beyond the window', { tracks: [castTrack(REPAIR, {}, moved(25))] }],
    ['a cut beyond the window', { shot: { ...SHOT, out: 25 } }],
    ['a damaged frame beyond the window', {}, { reel: reelOf({ damaged: new Map([[15, 'torn']]) }) }],
    ['the id of its track', { tracks: [castTrack(REPAIR, {}, trackOf('t9', 0, 48))] }],
    ['a rectangle that is forbidden', {}, { overrides: holding({ in: 0, out: 48, box }) }],
    ['a face that is painted upon it', two(beside(100))],
  ])('does not change with %s', (_, given, from) => {
    expect(keysOf(given, from)[0]).toBe(keysOf()[0]);
  });

  it('changes with the faces that it is painted upon, and what is forbidden in them, and not with others', () => {
    const upon = (given: Partial<FacesToKey>, from?: Partial<TakeOrigin>) => keysOf(given, from)[1];
    const over = two(beside(100));
    expect(upon(over)).not.toBe(upon(two(beside(100), castTrack(stronger))));
    expect(upon(over)).not.toBe(upon(over, { overrides: holding({ in: 0, out: 48, box }) }));
    const apart = two(beside(1200));
    expect(upon(apart)).toBe(upon(two(beside(1200), castTrack(stronger))));
    expect(upon(apart)).toBe(upon(apart, { overrides: holding({ in: 0, out: 48, box }) }));
  });

  it('is none where the frame is forbidden, or shows nothing of the face', () => {
    expect(keysOf({}, { overrides: holding({ in: 20, out: 21 }) })).toEqual([]);
    expect(keysOf({ tracks: [castTrack(REPAIR, {}, beside(5000))] })).toEqual([]);
  });
});
