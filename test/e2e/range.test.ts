import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleDpx, sampleFileName } from '../../samples/make-reel.ts';
import { openReelTruth } from '../../samples/reel-truth.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { analyseReel } from '../../src/pipeline/analyse-reel.ts';
import { readAnalysis, writeAnalysis } from '../../src/pipeline/analysis/analysis-file.ts';
import type { ReelAnalysis } from '../../src/pipeline/analysis/reel-analysis.ts';
import { makeCache, openScratch, type Scratch } from './scratch.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** A face, an empty room, and the face again. */
const SHOTS = [
  { only: 'talking', length: 16 },
  { only: 'empty', length: 10 },
  { only: 'talking', length: 18 },
] as const;
const FIRST = 1001;
const FRAMES = 44;

let scratch: Scratch;
let reel: string;

beforeAll(async () => {
  scratch = await openScratch('range');
  reel = join(scratch.path, 'reel');
  await mkdir(reel);
  let first = FIRST;
  for (const shot of SHOTS) {
    const truth = await openReelTruth({ width: 320, height: 180, first, ...shot });
    for (let frame = 0; frame < truth.frames; frame++) {
      await writeFile(join(reel, sampleFileName(truth, frame)), sampleDpx(truth, frame));
    }
    first += shot.length;
  }
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

describe('a range of a reel that was looked at', () => {
  it('is a slice of what was found: no network runs, and the faces have the ids and the persons that they had', async () => {
    const whole = await analysed();
    expect(summary(whole)).toEqual([
      ['f1001', 0, 0, 16],
      ['f1027', 2, 26, 44],
    ]);
    expect(whole.tracked.work?.frames).toBe(FRAMES);
    const part = await analysed([1010, 1035]);
    expect(part.tracked.work).toBeNull();
    expect(part.tracked.shots).toEqual([
      { index: 0, in: 9, out: 16 },
      { index: 1, in: 16, out: 26 },
      { index: 2, in: 26, out: 35 },
    ]);
    expect(summary(part)).toEqual([
      ['f1001', 0, 9, 16],
      ['f1027', 2, 26, 35],
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

describe('a reel of which a range was looked at', () => {
  it('is looked at where nothing is known of it, and comes out as if it had never been looked at before', async () => {
    const afresh = await analysed();
    await rm(join(scratch.cache, 'tracks'), { recursive: true });
    const part = await analysed([1010, 1035]);
    // A face that is there when the range begins may have come before: its id says so.
    expect(summary(part)).toEqual([
      ['r1010', 0, 9, 16],
      ['f1027', 2, 26, 35],
    ]);
    expect(part.tracked.work?.frames).toBe(26);
    const whole = await analysed();
    expect(whole.notes).toContain('The tracks of 10 of 44 frames were kept from an earlier run.');
    expect(whole.tracked.work?.frames).toBe(FRAMES - 10);
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
      /^The faces found in stills could not be kept: .* The next run will look at the stills again\.$/,
    );
    expect(tracks).toMatch(/^The tracks could not be kept: .* The next run will look at the reel again\.$/);
  });
});
