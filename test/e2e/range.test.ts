import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { analyseReel } from '../../src/pipeline/analyse-reel.ts';
import { readAnalysis, writeAnalysis } from '../../src/pipeline/analysis/analysis-file.ts';
import type { ReelAnalysis } from '../../src/pipeline/analysis/reel-analysis.ts';
import { makeCache, openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** A face, an empty room, and the face again: frames 0 to 8, 8 to 12, 12 to 20. */
const FRAMES = 20;

let scratch: Scratch;
let reel: string;

beforeAll(async () => {
  scratch = await openScratch('range');
  reel = join(scratch.path, 'reel');
  await writeShots(reel, [
    ['talking', 8],
    ['empty', 4],
    ['talking', 8],
  ]);
});
beforeEach(async () => {
  await rm(scratch.cache, { recursive: true, force: true });
  await makeCache(scratch.cache);
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** @param range first and last frame, numbered as the reel is */
async function analysed(range?: readonly [number, number]): Promise<ReelAnalysis> {
  const asked = range ? { range: { first: range[0], last: range[1] } } : {};
  return analyseReel({ reel, find: [PORTRAIT], ...asked });
}

const summary = ({ tracked }: ReelAnalysis) =>
  tracked.tracks.map((track) => [track.id, track.shot, track.in, track.out]);

describe('a range of a reel that was tracked', () => {
  it('is a slice of what was found: no network runs, and the faces have the ids and the persons that they had', async () => {
    const whole = await analysed();
    expect(summary(whole)).toEqual([
      ['f1001', 0, 0, 8],
      ['f1013', 2, 12, 20],
    ]);
    expect(whole.tracked.work?.frames).toBe(FRAMES);
    const part = await analysed([1006, 1017]);
    expect(part.tracked.work).toBeNull();
    expect(part.tracked.shots).toEqual([
      { index: 0, in: 5, out: 8 },
      { index: 1, in: 8, out: 12 },
      { index: 2, in: 12, out: 17 },
    ]);
    expect(summary(part)).toEqual([
      ['f1001', 0, 5, 8],
      ['f1013', 2, 12, 17],
    ]);
    for (const track of part.tracked.tracks) {
      const own = whole.tracked.tracks.find(({ id }) => id === track.id);
      expect(track.observations).toEqual(own?.observations.slice(track.in - own.in, track.out - own.in));
    }
    expect(part.castings).toEqual(whole.castings);
    expect(part.castings.map(({ person }) => person)).toEqual(['actor', 'actor']);
  });
});

describe('the analysis of a reel', () => {
  it('is data and nothing else: it is the same when it was posted, and when it was written and read', async () => {
    const analysis = await analysed([1001, 1005]);
    expect(structuredClone(analysis)).toEqual(analysis);
    const file = join(scratch.path, 'reel.analysis');
    await writeAnalysis(file, analysis);
    expect(await readAnalysis(file)).toEqual(analysis);
  });
});

describe('a reel of which a range was tracked', () => {
  it('is tracked where nothing is kept of it, and comes out as if it had never been tracked before', async () => {
    const afresh = await analysed();
    await rm(join(scratch.cache, 'tracks'), { recursive: true });
    const part = await analysed([1006, 1017]);
    // A face that is there when the range begins may have come before: its id says so.
    expect(summary(part)).toEqual([
      ['r1006', 0, 5, 8],
      ['f1013', 2, 12, 17],
    ]);
    expect(part.tracked.work?.frames).toBe(12);
    const whole = await analysed();
    expect(whole.notes).toContain('The tracks of 4 of 20 frames were kept from an earlier run.');
    expect(whole.tracked.work?.frames).toBe(FRAMES - 4);
    expect({ ...whole.tracked, work: null }).toEqual({ ...afresh.tracked, work: null });
    expect(whole.castings).toEqual(afresh.castings);
    expect((await analysed()).tracked.work).toBeNull();
  });
});

describe('a cache folder that cannot be written', () => {
  it('costs notes about tracks and stills, and nothing else', async () => {
    for (const name of ['tracks', 'stills']) await writeFile(join(scratch.cache, name), '');
    const { notes, tracked } = await analysed([1001, 1003]);
    expect(tracked.tracks).toHaveLength(1);
    const [stills, tracks, ...others] = notes;
    expect(others).toEqual([]);
    expect(stills).toMatch(
      /^The faces found in stills could not be kept: .* The next run will search the stills again\.$/,
    );
    expect(tracks).toMatch(/^The tracks could not be kept: .* The next run will track the reel again\.$/);
  });
});
