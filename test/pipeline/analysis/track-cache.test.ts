import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTrackCache, type TrackKey } from '../../../src/pipeline/analysis/track-cache.ts';
import type { TrackedReel } from '../../../src/pipeline/analysis/track-reel.ts';
import { trackOf } from '../face-tracks.ts';

const KEY: TrackKey = {
  print: 'quick:1234',
  range: { in: 0, out: 100 },
  transfer: 'log',
  settings: { sweepEvery: 24 },
  models: { detector: 'a' },
  reuse: true,
  version: '0.1.0',
};
const TRACKED = {
  shots: [
    { index: 0, in: 0, out: 60 },
    { index: 1, in: 60, out: 100 },
  ],
  tracks: [trackOf('t1', 3, 60), trackOf('t2', 60, 70, 1)],
  counts: {
    detector: { sweep: 10, identity: 6 },
    landmarker: { follow: 60 },
    recogniser: {},
    refiner: { identity: 8, between: 1 },
  },
  histories: [
    {
      id: 't1',
      looks: [
        {
          landmarker: 'identity',
          recogniser: 'identity',
          refiner: null,
          limitDivisor: 1,
          age: 0,
          motion: null,
          tiles: null,
          disagreement: null,
        },
        {
          landmarker: 'skip',
          recogniser: null,
          refiner: 'between',
          limitDivisor: 2,
          age: 1,
          motion: 0.01,
          tiles: 0.02,
          disagreement: null,
        },
      ],
      audits: [{ frame: 4, rigid: 0.004, lips: 0.01, lids: 0.006, cosine: 0.98 }],
      limitHalvings: 1,
      motion: { weave: 0.3, camera: 1.5, head: 2 },
    },
  ],
  searches: [{ frame: 0, reason: 'sweep' }],
  damaged: new Map([[17, 'it cannot be decoded']]),
} satisfies TrackedReel;

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'reelmend-cache-')), 'tracks');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

async function keptFile(): Promise<string> {
  const [name] = await readdir(folder);
  return join(folder, name ?? 'none');
}

describe('the cache of tracks', () => {
  it('gives back exactly what was written, a track in one piece of memory', async () => {
    const cache = openTrackCache(folder);
    expect(await cache.write(KEY, TRACKED)).toEqual({});
    const { tracked, note } = await cache.read(KEY);
    expect(note).toBeUndefined();
    expect(tracked).toEqual(TRACKED);
    const [first] = tracked?.tracks ?? [];
    expect(new Set(first?.observations.map(({ landmarks }) => landmarks.buffer)).size).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('has nothing for a reel, setting, model or range that it has not seen', async () => {
    const cache = openTrackCache(folder);
    await cache.write(KEY, TRACKED);
    const others: Partial<TrackKey>[] = [
      { print: 'quick:1235' },
      { range: { in: 0, out: 99 } },
      { transfer: 'rec709' },
      { settings: { sweepEvery: 12 } },
      { models: { detector: 'b' } },
      { reuse: false },
    ];
    for (const other of others) expect(await cache.read({ ...KEY, ...other })).toEqual({ tracked: null });
  });

  it('treats a damaged file as absent and says so, wherever it is damaged', async () => {
    const cache = openTrackCache(folder);
    await cache.write(KEY, TRACKED);
    const path = await keptFile();
    const whole = await readFile(path);
    const places = [
      0,
      8,
      11,
      12,
      20,
      44,
      60,
      300,
      ...Array.from({ length: 30 }, (_, k) => Math.floor((whole.length * k) / 30)),
      whole.length - 1,
    ];
    for (const at of places) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      await writeFile(path, damaged);
      const { tracked, note } = await cache.read(KEY);
      expect(tracked, `byte ${at}`).toBeNull();
      expect(note, `byte ${at}`).toMatch(
        /^The kept tracks in ".*" were not used: it.* The reel was looked at again\.$/,
      );
    }
    for (const length of [0, 7, 43, 100, whole.length - 1]) {
      await writeFile(path, whole);
      await truncate(path, length);
      expect((await cache.read(KEY)).note, `cut to ${length}`).toContain('it is shorter than it says');
    }
    await cache.write(KEY, TRACKED);
    expect((await cache.read(KEY)).tracked).toEqual(TRACKED);
  });

  it('costs a note, not the run, where it cannot be written', async () => {
    const file = join(folder, '..', 'a-file');
    await writeFile(file, '');
    const { note } = await openTrackCache(join(file, 'tracks')).write(KEY, TRACKED);
    expect(note).toMatch(/^The tracks could not be kept: .* The next run will look at the reel again\.$/);
  });
});
