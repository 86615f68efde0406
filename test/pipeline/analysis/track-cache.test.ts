import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTrackCache, type ShotEntry, type TrackKey } from '../../../src/pipeline/analysis/track-cache.ts';
import { keptShot } from '../tracked-shot.ts';

const KEY: TrackKey = {
  print: 'quick:1234',
  transfer: 'log',
  settings: { sweepEvery: 24 },
  models: { detector: 'a' },
  reuse: true,
  version: 1,
  ffmpeg: '5.1.9',
  runtime: '1.30.0',
  device: 'cpu',
};
const KEPT = keptShot();
/** Its tracks end within it. */
const SHOT = { ...KEPT, tracks: KEPT.tracks.map((track) => ({ ...track, vanishes: track.out })) };

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'reelmend-cache-')), 'tracks');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const onlyEntry = async (): Promise<ShotEntry> => {
  const [entry, ...others] = await openTrackCache(folder, KEY).entries();
  if (!entry || others.length > 0) throw new Error(`${others.length + 1} shots are kept.`);
  return entry;
};

describe('the cache of tracks', () => {
  it('gives back exactly what was written, a track in one piece of memory', async () => {
    const cache = openTrackCache(folder, KEY);
    expect(await cache.write([SHOT])).toEqual({});
    const entry = await onlyEntry();
    expect(entry).toMatchObject({ in: 0, out: 100, startsShot: true, endsShot: false });
    const { shot, note } = await cache.read(entry);
    expect(note).toBeUndefined();
    expect(shot).toEqual(SHOT);
    const [first] = shot?.tracks ?? [];
    expect(new Set(first?.observations.map(({ landmarks }) => landmarks.buffer)).size).toBe(1);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });

  it('has nothing for a reel, setting, network or program that it has not seen', async () => {
    await openTrackCache(folder, KEY).write([SHOT]);
    const others: Partial<TrackKey>[] = [
      { print: 'quick:1235' },
      { transfer: 'rec709' },
      { layer: 'beauty' },
      { settings: { sweepEvery: 12 } },
      { models: { detector: 'b' } },
      { reuse: false },
      { version: 2 },
      { ffmpeg: '5.1.10' },
      { runtime: '1.30.1' },
    ];
    for (const other of others) {
      expect(await openTrackCache(folder, { ...KEY, ...other }).entries(), JSON.stringify(other)).toEqual([]);
    }
  });

  it('drops the parts of a shot when the shot is kept, and nothing else', async () => {
    const cache = openTrackCache(folder, KEY);
    const empty = { ...SHOT, tracks: [], histories: [] };
    await cache.write([
      { ...empty, in: 10, out: 50, startsShot: false },
      { ...empty, in: 90, out: 120, startsShot: false },
      { ...empty, in: 120, out: 130 },
    ]);
    await cache.write([SHOT]);
    const ranges = (await cache.entries()).map((entry) => [entry.in, entry.out]);
    expect(ranges.sort((a, b) => (a[0] as number) - (b[0] as number))).toEqual([
      [0, 100],
      [90, 120],
      [120, 130],
    ]);
  });

  it('treats a damaged file as absent and says so, wherever it is damaged', async () => {
    const cache = openTrackCache(folder, KEY);
    await cache.write([SHOT]);
    const entry = await onlyEntry();
    const whole = await readFile(entry.path);
    const spread = Array.from({ length: 30 }, (_, k) => Math.floor((whole.length * k) / 30));
    for (const at of [0, 8, 11, 12, 20, 44, 60, 300, ...spread, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      await writeFile(entry.path, damaged);
      const { shot, note } = await cache.read(entry);
      expect(shot, `byte ${at}`).toBeNull();
      expect(note, `byte ${at}`).toMatch(
        /^The kept tracks in ".*" were not used: it.* Their frames were tracked again\.$/,
      );
    }
    for (const length of [0, 7, 43, 100, whole.length - 1]) {
      await writeFile(entry.path, whole);
      await truncate(entry.path, length);
      expect((await cache.read(entry)).note, `cut to ${length}`).toContain('it is shorter than it says');
    }
    await cache.write([SHOT]);
    expect((await cache.read(entry)).shot).toEqual(SHOT);
  });

  it('costs a note, not the run, where it cannot be written', async () => {
    const file = join(folder, '..', 'a-file');
    await writeFile(file, '');
    const { note } = await openTrackCache(join(file, 'tracks'), KEY).write([SHOT]);
    expect(note).toMatch(
      /^The tracks could not be kept: .* a part of the path is a file, not a folder\. Choose another place\. The next run will track the reel again\.$/,
    );
  });
});
