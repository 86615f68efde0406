import { describe, expect, it } from 'vitest';
import type { FaceObservation } from '../../../src/face/observation.ts';
import type { FaceTrack } from '../../../src/face/track.ts';
import { type TakeToKey, takeContent, takeKey } from '../../../src/pipeline/work/take-key.ts';
import type { TakeOrigin } from '../../../src/pipeline/work/take-origin.ts';
import { CPU } from '../../../src/render/rendering-device.ts';
import { NO_OVERRIDES, type Overrides } from '../../../src/settings/overrides.ts';
import { castTrack, REPAIR, REPLACE } from '../cast-tracks.ts';
import { trackOf } from '../face-tracks.ts';
import { reelOf } from '../reel-of.ts';

/** The same track with one frame changed. */
function changed(
  track: FaceTrack,
  frame: number,
  change: (observation: FaceObservation) => FaceObservation,
): FaceTrack {
  return { ...track, observations: track.observations.map((o) => (o.frame === frame ? change(o) : o)) };
}

const moved = (o: FaceObservation) => ({ ...o, landmarks: o.landmarks.map((v, i) => (i === 0 ? v + 1e-4 : v)) });
const lit = (o: FaceObservation) => ({ ...o, light: { ...o.light, exposure: 0.41 } });
const banded = (o: FaceObservation) => ({ ...o, light: { ...o.light, band: o.light.band.map((v) => v + 1e-6) } });

const SHOT = { index: 2, in: 8, out: 40 };
/** The frames that are read for it are 12 to 36. */
const TAKE = { shot: 2, in: 16, out: 32, touched: true };
const GIVEN: TakeToKey = { take: TAKE, shot: SHOT, tracks: [castTrack(REPAIR)], coding: { kind: 'dpx' } };
const FROM: TakeOrigin = {
  print: 'quick:abc',
  reel: reelOf(),
  overrides: NO_OVERRIDES,
  renderVersion: 1,
  ffmpeg: '5.1',
  networks: { x2: 'f'.repeat(64) },
};

const keyOf = (given: Partial<TakeToKey> = {}, from: Partial<TakeOrigin> = {}) =>
  takeContent({ ...GIVEN, ...given }, { ...FROM, ...from });
const withTrack = (track: FaceTrack) => ({ tracks: [castTrack(REPAIR, {}, track)] });
const holding = (...holdouts: Overrides['holdouts']): Overrides => ({ ...NO_OVERRIDES, holdouts, hash: 'other' });
const box: [number, number, number, number] = [0, 0, 10, 10];
const t1 = trackOf('t1', 0, 48);

describe('the key of a take', () => {
  it.each<[string, Partial<TakeToKey>, Partial<TakeOrigin>?]>([
    ['the reel', {}, { print: 'quick:abd' }],
    ['its first frame', { take: { ...TAKE, in: 17 } }],
    ['its last frame', { take: { ...TAKE, out: 31 } }],
    ['a cut within the frames that are read', { shot: { ...SHOT, out: 33 } }],
    ['a damaged frame among those that are read', {}, { reel: reelOf({ damaged: new Map([[33, 'torn']]) }) }],
    ['how the samples are stored', {}, { reel: reelOf({ pixelFormat: 'gbrp10le' }) }],
    ['the layer that is worked on', {}, { reel: reelOf({ layer: 'beauty' }) }],
    ['how it is coded', { coding: { kind: 'tiff' } }],
    ['the render version', {}, { renderVersion: 2 }],
    ['ffmpeg', {}, { ffmpeg: '6.0' }],
    ['a landmark in it', withTrack(changed(t1, 20, moved))],
    ['a landmark before it within the window', withTrack(changed(t1, 12, moved))],
    ['the light on a face', withTrack(changed(t1, 20, lit))],
    ['the light around a face', withTrack(changed(t1, 20, banded))],
    ['that its track vanishes within the shot', withTrack({ ...t1, vanishes: 33 })],
    ['where a track begins', withTrack({ ...t1, in: 20, observations: t1.observations.slice(20) })],
    ['one more face', { tracks: [castTrack(REPAIR), castTrack(REPAIR, {}, trackOf('t2', 0, 48))] }],
    ['the restorer', { tracks: [castTrack(REPLACE)] }],
    [
      'a setting of the restorer',
      { tracks: [castTrack({ ...REPAIR, settings: { ...REPAIR.settings, grainRatio: 0 } })] },
    ],
    ['a still', { tracks: [castTrack(REPAIR, { stills: ['a'.repeat(64)] })] }],
    ['the patch size', { tracks: [castTrack(REPAIR, { patchSize: 320 })] }],
    ['the seed', { tracks: [castTrack(REPAIR, { seed: 8 })] }],
    [
      'what code values mean',
      { tracks: [castTrack(REPAIR, { colour: { tags: {}, transfer: 'linear', plateHeight: 1080 } })] },
    ],
    ['a forbidden rectangle', {}, { overrides: holding({ in: 31, out: 40, box }) }],
    ['that no face is in it', { take: { ...TAKE, touched: false } }],
  ])('changes with %s', (_, given, from) => {
    expect(keyOf(given, from)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(given, from)).not.toBe(keyOf());
  });

  it.each<[string, Partial<TakeToKey>, Partial<TakeOrigin>?]>([
    ['the folder of the reel', {}, { reel: reelOf({ path: '/elsewhere/scan', files: ['/elsewhere/scan/a.dpx'] }) }],
    ['the number that people give its first frame', {}, { reel: reelOf({ first: 1 }) }],
    ['the number of its shot', { take: { ...TAKE, shot: 0 }, shot: { ...SHOT, index: 0 } }],
    ['a cut beyond the frames that are read', { shot: { ...SHOT, out: 36 } }],
    ['a damaged frame elsewhere', {}, { reel: reelOf({ damaged: new Map([[36, 'torn']]) }) }],
    ['the words about a damaged frame, or none', {}, { reel: reelOf({ notes: ['odd'] }) }],
    ['a landmark beyond the frames that are read', withTrack(changed(t1, 36, moved))],
    ['how sure the networks were', withTrack(changed(t1, 20, (o) => ({ ...o, score: 0.5, origin: 'detected' })))],
    ['the id of a track', { tracks: [castTrack(REPAIR, {}, { ...t1, id: 't7' })] }],
    ['the name of a person', { tracks: [{ ...castTrack(REPAIR), person: 'otto' }] }],
    ['a face in other frames', { tracks: [castTrack(REPAIR), castTrack(REPAIR, {}, trackOf('t2', 32, 60))] }],
    ['the pose, which only "replace" uses', { tracks: [castTrack(REPAIR, { pose: new Float32Array([9]) })] }],
    ['a rectangle that is forbidden elsewhere', {}, { overrides: holding({ in: 32, out: 40, box }) }],
    ['what networks run on, where none made the pixels', { tracks: [castTrack(REPAIR, { device: 'cuda' })] }],
    ['a network that paints nothing here', {}, { networks: { x2: '0'.repeat(64) } }],
  ])('does not change with %s', (_, given, from) => {
    expect(keyOf(given, from)).toBe(keyOf());
  });

  it('of a replaced face changes with the pose that the still is chosen by', () => {
    const posed = (value: number) => ({ tracks: [castTrack(REPLACE, { pose: new Float32Array([value]) })] });
    expect(keyOf(posed(1))).not.toBe(keyOf(posed(2)));
  });

  describe('of a face that a network restored', () => {
    const enhance = (model: string, device: 'cpu' | 'cuda' = 'cpu'): Partial<TakeToKey> => ({
      tracks: [
        castTrack(
          { name: 'enhance', settings: { ...REPAIR.settings, model, strength: 1, keyframeEvery: 4 } },
          { device },
        ),
      ],
    });

    it('changes with the network and with what it runs on', () => {
      const key = keyOf(enhance('x2'));
      expect(keyOf(enhance('x2'), { networks: { x2: '0'.repeat(64) } })).not.toBe(key);
      expect(keyOf(enhance('x2', 'cuda'))).not.toBe(key);
    });

    it('does not change with the name of the network, which may be a path', () => {
      const networks = { x2: 'f'.repeat(64), '/models/x2.json': 'f'.repeat(64) };
      expect(keyOf(enhance('/models/x2.json'), { networks })).toBe(keyOf(enhance('x2'), { networks }));
    });
  });

  describe('of a take without a restored face', () => {
    const bare = (given: Partial<TakeToKey> = {}, from: Partial<TakeOrigin> = {}) =>
      keyOf({ ...given, take: { ...TAKE, touched: false } }, from);

    it('changes with the reel, the coding and ffmpeg', () => {
      expect(new Set([bare(), bare({}, { print: 'x' }), bare({ coding: 1 }), bare({}, { ffmpeg: '6' })]).size).toBe(4);
    });

    it('does not change with faces, holdouts, restorers and the render version', () => {
      expect(bare({ tracks: [castTrack(REPLACE)] }, { renderVersion: 2, overrides: holding({ in: 0, out: 99 }) })).toBe(
        bare(),
      );
    });

    it('changes with every damaged frame of the reel where one is in it, since another may stand in its place', () => {
      const damaged = (...frames: number[]) => ({ reel: reelOf({ damaged: new Map(frames.map((f) => [f, 'torn'])) }) });
      expect(bare({}, damaged(20, 40))).not.toBe(bare({}, damaged(20)));
      expect(bare({}, damaged(40))).toBe(bare());
    });
  });

  it('is another on every device, kernels and versions included, but where nothing is restored', () => {
    const adapter = { vendor: 'v', architecture: 'a', device: 'd', description: 'one', version: '0.6.2', kernels: 'k' };
    const gpu = (more: Partial<typeof adapter> = {}) => ({ kind: 'gpu' as const, ...adapter, ...more });
    const devices = [CPU, gpu(), gpu({ description: 'two' }), gpu({ version: '0.6.3' }), gpu({ kernels: 'l' })];
    const content = keyOf();
    expect(new Set(devices.map((device) => takeKey(TAKE, content, device))).size).toBe(devices.length);
    expect(takeKey(TAKE, content, gpu())).toBe(takeKey(TAKE, content, gpu()));
    const copied = { ...TAKE, touched: false };
    expect(new Set(devices.map((device) => takeKey(copied, content, device)))).toEqual(new Set([content]));
  });
});
