import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { resolveShots } from '../../src/editorial/resolve-shots.ts';
import { readShotList, SHOT_LIST_KINDS } from '../../src/editorial/shot-list-formats.ts';
import { analyseReel } from '../../src/pipeline/analyse-reel.ts';
import type { ReelAnalysis } from '../../src/pipeline/analysis/reel-analysis.ts';
import { inspectReel } from '../../src/pipeline/inspect.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { filesOf } from './files-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { makeCache, openScratch, type Scratch } from './scratch.ts';
import { writeShots } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
/** A face, an empty room, and the face again: frames 0 to 5, 5 to 35, 35 to 40. */
const FRAMES = 40;

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
    ['talking', 5],
    ['empty', 30],
    ['talking', 5],
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
    const part = await analysed(['name,in,out', 'a,1002,1004', 'b,1037,1039']);
    expect(part.tracked.work?.frames).toBe(16 + 16);
    expect(part.tracked.shots.filter(({ passed }) => passed)).toEqual([{ index: 2, in: 16, out: 24, passed: true }]);
    expect(part.tracked.shots.map(({ in: from, out }) => [from, out])).toEqual([
      [0, 5],
      [5, 16],
      [16, 24],
      [24, 35],
      [35, FRAMES],
    ]);
    expect(summary(part)).toEqual([
      ['f1001', 0, 0, 5],
      ['f1036', 4, 35, FRAMES],
    ]);
    expect(part.notes).toContain(
      `Shot list "${list}" chooses 2 shots with 6 of 40 frames; the other frames are passed through.`,
    );
  });

  it('uses kept tracks, each once even where two entries lie in one shot', async () => {
    const whole = await analysed();
    const part = await analysed(['in,out', '1006,1007', '1034,1035', '1040,1040']);
    expect(part.tracked.work).toBeNull();
    expect(part.tracked.shots.map(({ in: from, out }) => [from, out])).toEqual([
      [0, 5],
      [5, 35],
      [35, FRAMES],
    ]);
    expect(part.castings).toEqual(whole.castings);
  });

  it('is restored in them as it is as a whole, and every other frame is the reel’s own to the byte', async () => {
    await analysed();
    const whole = await restored('whole', {});
    await writeFile(list, 'in,out\n1002,1003\n1005,1005\n1037,1040\n');
    const part = await restored('part', { shots: list });
    const changed = changedOf(part.files);
    expect(changed).toEqual([1002, 1003, 1005, 1037, 1038, 1039, 1040]);
    expect(part.summary.restored).toBe(7);
    const isListed = (file: string) => changed.some((number) => file.includes(String(number)));
    for (const file of Object.keys(part.files).filter(isListed)) expect(part.files[file]).toBe(whole.files[file]);
  });

  it('may have another restorer in each, and somebody or nobody to recognise, and is told of in lists', async () => {
    const rows = ['name,in,out,restorer,cast', 'a,1001,1003,repair,', 'b,1004,1005,,nobody', 'c,1036,1038,,actor'];
    await writeFile(list, rows.join('\n'));
    const { files, summary } = await restored('wishes', { shots: list });
    expect(changedOf(files)).toEqual([1001, 1002, 1003, 1036, 1037, 1038]);
    const told = (kind: string) => readFileSync(join(summary.report, `shots${kind}`), 'utf8');
    expect(
      told('.csv')
        .split('\r\n')
        .map((row) => row.split(',').slice(0, 8).join(',')),
    ).toEqual([
      'name,in,out,first,last,restorer,cast,faces',
      'a,1001,1003,1001,1003,,,"actor (f1001)',
      'b,1004,1005,1004,1005,,,actor (f1001)',
      'c,1036,1038,1036,1038,,,"actor (f1036)',
      '',
    ]);
    expect(told('.edl')).toContain('* FACE: actor (f1001), repair in 3 frames\r\n');
    const { reel: opened } = await analysed();
    for (const kind of SHOT_LIST_KINDS) {
      const { shots } = resolveShots(readShotList(told(kind), `shots${kind}`), opened);
      expect(shots.map(({ name, in: from, out }) => [name, from, out])).toEqual([
        ['a', 0, 3],
        ['b', 3, 5],
        ['c', 35, 38],
      ]);
    }
  });

  it('is inspected as far as it is looked at', async () => {
    await writeFile(list, 'in,out\n1001,1004\n');
    const { tracksFile } = await inspectReel({ reel, shots: list });
    expect(tracksFile.tracks.map(({ in: from, out }) => [from, out])).toEqual([[0, 5]]);
  });
});
