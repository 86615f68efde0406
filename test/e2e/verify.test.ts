import { execFileSync } from 'node:child_process';
import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { type VerifyRequest, verifyOutput } from '../../src/pipeline/verify/verify.ts';
import { readEditLogFile } from '../../src/provenance/read-edit-log.ts';
import { jobOf } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 4;
const EMPTY = 3;

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);
const verify = (out: string, more: Partial<VerifyRequest> = {}) =>
  verifyOutput({ out: at(out), ...more }, new AbortController().signal);

beforeAll(async () => {
  scratch = await openScratch('verify');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('reel'), TALKING, EMPTY);
  const preset = await shortTakes(scratch.path, 8);
  for (const out of ['folder', 'movie.mkv'])
    await restoreOnThisThread(jobOf(at('reel'), at(out), PORTRAIT, { preset, restorer: 'replace' }));
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** A copy of an output and its report, to be tampered with. */
async function copyOf(out: string, name: string): Promise<string> {
  await cp(at(out), at(name), { recursive: true });
  await cp(at(`${out}.report`), at(`${name}.report`), { recursive: true });
  return name;
}

const logPath = (out: string) => at(`${out}.report/edit-log.jsonl`);
const linesOf = async (out: string) => (await readFile(logPath(out), 'utf8')).split(/(?<=\n)/);

/** Flips the bits of one byte. */
async function flip(path: string, offset: (size: number) => number): Promise<void> {
  const bytes = await readFile(path);
  const place = offset(bytes.length);
  bytes[place] = (bytes[place] as number) ^ 0xff;
  await writeFile(path, bytes);
}

describe('the edit log of a restored folder', () => {
  it('names every altered frame, by what it was restored, and every file', async () => {
    const { log, faults } = await readEditLogFile(logPath('folder'));
    expect(faults).toEqual([]);
    expect(log?.frames.map(({ frame, number, approved }) => [frame, number, approved])).toEqual(
      [0, 1, 2, 3].map((frame) => [frame, 1001 + frame, null]),
    );
    expect(log?.treatments.map(({ id, restorer, stills }) => [id, restorer, stills.length])).toEqual([
      [0, 'replace', 1],
    ]);
    expect(log?.takes.flatMap(({ frames }) => frames?.map(({ frame }) => frame))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { faces } of log?.frames ?? []) {
      const matte = faces[0]?.matte;
      expect(matte?.before).not.toBe(matte?.after);
      expect(matte?.pixels).toBeGreaterThan(1000);
    }
  });

  it('proves the output', async () => {
    expect(await verify('folder')).toMatchObject({
      proved: [
        'The log is whole: 4 of 7 frames were altered, in 2 takes.',
        `All 7 files of "${at('folder')}" are those that were written, byte for byte.`,
      ],
      faults: [],
    });
  });

  it('proves with the reel that nothing else was altered', async () => {
    const { proved, faults } = await verify('folder', { reel: at('reel') });
    expect(faults).toEqual([]);
    expect(proved.slice(2)).toEqual([
      "The reel's own, sample for sample, in what the log does not name: 3 frames.",
      "Altered in their faces' rectangles alone, which are what they were before and after: 4 frames.",
    ]);
  });

  it('restores the plate of an altered frame byte for byte', async () => {
    const to = at('plate.dpx');
    const { proved, faults } = await verify('folder', { reel: at('reel'), plate: { frame: 1002, to } });
    expect(faults).toEqual([]);
    expect(proved.at(-1)).toBe(`"${to}" is the plate of frame 1002: "${await nameOf(1)}" of the reel, byte for byte.`);
    expect((await readFile(to)).equals(await readFile(join(at('reel'), await nameOf(1))))).toBe(true);
  });

  it('refuses the plate of a frame that the output does not have', async () => {
    await expect(verify('folder', { reel: at('reel'), plate: { frame: 1, to: at('none') } })).rejects.toThrow(
      '--restore-plate 1: the output has frames 1001 to 1007. Give one of these.',
    );
  });

  it('names the first frame of the output that was changed', async () => {
    const out = await copyOf('folder', 'changed');
    await flip(join(at(out), await nameOf(5)), (size) => size - 100);
    expect((await verify(out)).faults).toEqual([
      `Frame 1006 ("${await nameOf(5)}") is not the frame that was written: its file was changed.`,
    ]);
    expect((await verify(out, { reel: at('reel') })).faults.slice(1)).toEqual([
      'Where the log names no face, frame 1006 differs from the reel.',
    ]);
  });

  it('names a frame that is missing, and a file that is not its', async () => {
    const out = await copyOf('folder', 'missing');
    await rm(join(at(out), await nameOf(2)));
    await copyFile(join(at(out), await nameOf(3)), join(at(out), 'other.dpx'));
    expect((await verify(out)).faults).toEqual([
      `Frame 1003 ("${await nameOf(2)}") is missing from "${at(out)}".`,
      `"${at(out)}" holds "other.dpx", which the log does not know.`,
    ]);
  });

  it('is found out where a frame was altered behind its back, outside the face that it names', async () => {
    const out = await copyOf('folder', 'behind');
    await flip(join(at(out), await nameOf(1)), (size) => size - 100);
    expect((await verify(out, { reel: at('reel') })).faults[1]).toBe(
      'Where the log names no face, frame 1002 differs from the reel.',
    );
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    ['a line was removed', (lines) => lines.toSpliced(4, 1), /^Line 5 was removed\.$/],
    ['two lines were swapped', (lines) => lines.with(3, lines[4] as string).with(4, lines[3] as string), /swapped/],
    [
      'a line was changed',
      (lines) => lines.with(3, (lines[3] as string).replace('"approved":null', '"approved":"X"')),
      /^Line 4 was changed after line 5 was written/,
    ],
    [
      'the last lines were cut off',
      (lines) => lines.slice(0, -2),
      /^The log has no last line: lines at its end were cut off after line \d+\.$/,
    ],
    [
      'the last line was changed',
      (lines) => lines.with(-1, (lines.at(-1) as string).replace('"altered":4', '"altered":3')),
      /^The last line closes a log of \d+ lines and 3 altered frames; it has \d+ and 4\.$/,
    ],
  ])('is not proved where %s', async (title, change, fault) => {
    const out = await copyOf('folder', title.replace(/\W/g, '-'));
    await writeFile(logPath(out), change(await linesOf(out)).join(''));
    const { faults } = await verify(out);
    expect(faults[0]).toMatch(fault);
  });

  it('has a seal, the hash of its last line', async () => {
    expect((await verify('folder')).seal).toBe(sha256Of((await linesOf('folder')).at(-1) as string));
  });
});

describe('the edit log of a restored movie', () => {
  it('restores the plate of a frame of a reel whose output has other samples', async () => {
    await copyFile(at('movie.mkv'), at('film.mkv'));
    const reel = at('film.mkv');
    await restoreOnThisThread(jobOf(reel, at('lossy.mp4'), PORTRAIT, { restorer: 'replace' }));
    const to = at('plate.mkv');
    const { proved, faults } = await verify('lossy.mp4', { reel, plate: { frame: 2, to } });
    expect(faults).toEqual([
      'The output cannot be held to the reel sample by sample: it is 320 × 180 yuv444p10le, and the reel 320 × 180 gbrp10le.',
    ]);
    expect(proved.at(-1)).toBe(`"${to}" is the plate of frame 2, its samples coded without loss.`);
    const [plate, whole] = [to, reel].map((path) => framesOf(path));
    expect(plate).toEqual([whole?.[1]]);
  });

  it('proves the output, and with the reel that nothing else was altered', async () => {
    const { proved, faults } = await verify('movie.mkv', { reel: at('reel') });
    expect(faults).toEqual([]);
    expect(proved.slice(1)).toEqual([
      `"${at('movie.mkv')}" is the file that was written, byte for byte.`,
      "The reel's own, sample for sample, in what the log does not name: 3 frames.",
      "Altered in their faces' rectangles alone, which are what they were before and after: 4 frames.",
    ]);
  });

  it('names the first frame that was changed', async () => {
    const out = await copyOf('movie.mkv', 'changed.mkv');
    // The last frames fill the end of the file, but for the index of its clusters.
    await flip(at(out), (size) => Math.round(0.93 * size));
    expect((await verify(out)).faults).toEqual([
      `"${at(out)}" is not the file that was written: frame 1007 is not the one that was written.`,
    ]);
  });
});

/** The hash of each frame of a movie, decoded. */
function framesOf(path: string): string[] {
  const text = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-']).toString();
  return text.split('\n').flatMap((line) => /^0,.* (\w{32})$/.exec(line)?.[1] ?? []);
}

/** The file of a frame, from 0. */
async function nameOf(frame: number): Promise<string> {
  const { log } = await readEditLogFile(logPath('folder'));
  return log?.takes.flatMap(({ frames }) => frames ?? []).find((one) => one.frame === frame)?.name ?? '';
}
