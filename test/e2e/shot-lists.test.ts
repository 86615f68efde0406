import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { analyseReel } from '../../src/pipeline/analyse-reel.ts';
import type { ReelAnalysis } from '../../src/pipeline/analysis/reel-analysis.ts';
import { inspectReel } from '../../src/pipeline/inspect.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { filesOf } from './files-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { makeCache, openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** A face, an empty room, and the face again: frames 0 to 8, 8 to 48, 48 to 56. */
const FRAMES = 56;

let scratch: Scratch;
let reel: string;
let list: string;
/** Hashes of the reel's files. */
let own: Record<string, string>;

beforeAll(async () => {
  scratch = await openScratch('shot-lists');
  reel = join(scratch.path, 'reel');
  list = join(scratch.path, 'list.csv');
  await writeShots(reel, [
    ['talking', 8],
    ['empty', 40],
    ['talking', 8],
  ]);
  own = await filesOf(reel);
});
beforeEach(async () => {
  await rm(scratch.cache, { recursive: true, force: true });
  await makeCache(scratch.cache);
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

async function analysed(rows?: readonly string[]): Promise<ReelAnalysis> {
  if (rows) await writeFile(list, rows.join('\n'));
  return analyseReel({ reel, find: [PORTRAIT], ...(rows ? { shots: list } : {}) });
}

async function restored(name: string, more: Partial<RestoreRequest>) {
  const out = join(scratch.path, name);
  const summary = await restoreOnThisThread({ reel, out, references: [PORTRAIT], ...more });
  return { summary, files: await filesOf(out) };
}

/** The numbers of the frames whose files differ from the reel's. */
function changedOf(files: Record<string, string>): number[] {
  return Object.keys(files)
    .filter((file) => files[file] !== own[file])
    .map((file) => Number(/(\d+)\.dpx$/.exec(file)?.[1]));
}

const summary = ({ tracked }: ReelAnalysis) =>
  tracked.tracks.map((track) => [track.id, track.shot, track.in, track.out]);

describe('a reel of which shots are listed', () => {
  it('is looked at in them and a few frames beside them alone', async () => {
    const part = await analysed(['name,in,out', 'a,1003,1006', 'b,1051,1054']);
    expect(part.tracked.work?.frames).toBe(18 + 18);
    expect(part.tracked.shots.filter(({ passed }) => passed)).toEqual([{ index: 2, in: 18, out: 38, passed: true }]);
    expect(part.tracked.shots.map(({ in: from, out }) => [from, out])).toEqual([
      [0, 8],
      [8, 18],
      [18, 38],
      [38, 48],
      [48, FRAMES],
    ]);
    expect(summary(part)).toEqual([
      ['f1001', 0, 0, 8],
      ['f1049', 4, 48, FRAMES],
    ]);
    expect(part.notes).toContain(
      `Shot list "${list}" chooses 2 shots with 8 of 56 frames; the other frames are passed through.`,
    );
  });

  it('uses kept tracks, each once even where two entries lie in one shot', async () => {
    const whole = await analysed();
    const part = await analysed(['in,out', '1010,1011', '1040,1041', '1056,1056']);
    expect(part.tracked.work).toBeNull();
    expect(part.tracked.shots.map(({ in: from, out }) => [from, out])).toEqual([
      [0, 8],
      [8, 48],
      [48, FRAMES],
    ]);
    expect(part.castings).toEqual(whole.castings);
  });

  it('is restored in them as it is as a whole, and every other frame is the reel’s own to the byte', async () => {
    await analysed();
    const whole = await restored('whole', {});
    await writeFile(list, 'in,out\n1002,1003\n1006,1006\n1051,1056\n');
    const part = await restored('part', { shots: list });
    const changed = changedOf(part.files);
    expect(changed).toEqual([1002, 1003, 1006, 1051, 1052, 1053, 1054, 1055, 1056]);
    expect(part.summary.restored).toBe(9);
    const isListed = (file: string) => changed.some((number) => file.includes(String(number)));
    for (const file of Object.keys(part.files).filter(isListed)) expect(part.files[file]).toBe(whole.files[file]);
  });

  it('may have another restorer in each, and somebody or nobody to recognise', async () => {
    await writeFile(list, 'in,out,restorer,cast\n1001,1004,repair,\n1005,1008,,nobody\n1049,1052,,actor\n');
    const { files, summary } = await restored('wishes', { shots: list });
    expect(changedOf(files)).toEqual([1001, 1002, 1003, 1004, 1049, 1050, 1051, 1052]);
    const report = JSON.parse(await readFile(join(summary.report, 'report.json'), 'utf8'));
    expect(report.frames.restored).toBe(8);
  });

  it('is inspected as far as it is looked at', async () => {
    await writeFile(list, 'in,out\n1001,1004\n');
    const { tracksFile } = await inspectReel({ reel, shots: list });
    expect(tracksFile.tracks.map(({ in: from, out }) => [from, out])).toEqual([[0, 8]]);
  });
});
