import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { plateColourOf } from '../../src/film/plate-colour.ts';
import { pictureBytes, sampleFormat } from '../../src/film/sample-format.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { plates } from '../../src/media/read/decode.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
import { readDpxLabels } from '../../src/media/still/dpx/dpx-labels.ts';
import { unpackStill } from '../../src/media/still/still.ts';
import { frameConverter } from '../../src/media/write/frames/convert-frame.ts';
import { frameFormat } from '../../src/media/write/frames/frame-format.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { differingCodes } from '../media/still/draw-codes.ts';
import { reelmendOrThrow } from './command.ts';
import { reelmendHere } from './command-here.ts';
import { stillNames } from './decoded.ts';
import { remake } from './formats.ts';
import { jobOf, QUIET } from './job-of.ts';
import { restoreOnThisThread } from './on-this-thread.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');
const TALKING = 3;
const FRAMES = 4;

let scratch: Scratch;
let film: string;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('movie-to-frames');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('scan'), TALKING, FRAMES - TALKING);
  const encode = [
    '-pix_fmt',
    'yuv422p10le',
    '-color_range',
    'tv',
    '-colorspace',
    'bt709',
    '-c:v',
    'ffv1',
    '-timecode',
    '10:00:00:00',
  ];
  const format = { title: 'FFV1', extension: 'mkv', kind: 'movie', pixelFormat: 'yuv422p10le', encode } as const;
  film = await remake(at('scan'), format, at('film'));
});
afterAll(() => scratch[Symbol.asyncDispose]());

const restored = ['--reference', PORTRAIT, '--restorer', 'replace', '--device', 'cpu', '--quiet'];

describe('restore film.mkv --out frames/ --as dpx', () => {
  it('writes the frames that the restored movie has, each converted as the report says', async () => {
    await restoreOnThisThread(jobOf(film, at('restored.mkv'), PORTRAIT, { restorer: 'replace' }));
    const numbered = ['--as', 'dpx', '--start-number', '1001'];
    const { stdout, stderr } = await reelmendOrThrow(
      ['restore', film, '--out', at('frames'), ...numbered, ...restored],
      scratch.cache,
    );
    expect(stdout).toContain(`Restored ${TALKING} of ${FRAMES} frames`);
    expect(stderr).toMatch(
      /Note: YUV 4:2:2 samples of 10 bits \(bt709, video range\), chroma spread from its place \(left\) are written as DPX of 10 bits, RGB of full range\. /,
    );
    const names = await stillNames(at('frames'));
    expect(names).toEqual([1001, 1002, 1003, 1004].map((number) => `film.${number}.dpx`));
    expect(await readDpxLabels(join(at('frames'), names[2] as string))).toEqual({ timecode: '10:00:00:02' });
    expect(await differingFrom('restored.mkv', names)).toEqual([0, 0, 0, 0]);
    const untouched = await differingFrom('film.mkv', names);
    expect(untouched.slice(0, TALKING).every((count) => count > 1000)).toBe(true);
    expect(untouched[TALKING]).toBe(0);
  });

  it('makes the same files again, and is done when it is asked for what is there', async () => {
    const args = ['restore', film, '--out', at('again'), '--as', 'dpx', '--start-number', '1001', ...restored];
    const before = new Set(await stillNames(at('frames')));
    expect((await reelmendHere(args, scratch.cache)).stdout).toContain(`Restored ${TALKING} of`);
    for (const name of before) {
      const [one, other] = await Promise.all(['frames', 'again'].map((folder) => readFile(join(at(folder), name))));
      expect(one?.equals(other as Buffer)).toBe(true);
    }
    expect((await reelmendHere(args, scratch.cache)).stdout).toContain('This was finished by an earlier run');
    expect(existsSync(at('again.work'))).toBe(false);
  });

  it.each([
    [
      ['--out', 'x'],
      '--out ".*x" is a folder, but ".*film.mkv" is a movie: its yuv422p10le samples cannot be held by stills without a conversion\\. Add --as dpx, tiff or exr for frames of RGB, or give a \\.mkv for a lossless output, or \\.mov or \\.mp4\\.',
    ],
    [
      ['--out', 'x.mkv', '--as', 'dpx'],
      '--as dpx: ".*x.mkv" is a movie, and --as says how a folder of frames is written\\. Give a folder as --out, or leave --as out\\.',
    ],
    [
      ['--out', 'x.mkv', '--start-number', '7'],
      '--start-number 7: only frames that are written as another kind of stills are numbered anew\\. Add --as dpx, tiff or exr and a folder as --out, or leave it out\\.',
    ],
    [
      ['--out', 'x', '--as', 'dpx', '--codec', 'ffv1'],
      '--codec ffv1: ".*x" is a folder of frames, which --as says the kind of\\. Leave --codec out, or give a movie as --out\\.',
    ],
    [
      ['--out', 'x', '--as', 'dpx', '--start-number', 'one'],
      '--start-number "one" is not a number of a frame\\. Write it as digits, such as 1001\\.',
    ],
    [['--out', 'x', '--as', 'dpx14'], '--as "dpx14" is not one of dpx, dpx8, .*\\. Did you mean "dpx1\\d"\\?'],
  ])('with %j says what to do', async ([flag = '', out = '', ...more], message) => {
    const { code, stderr } = await reelmendHere(['restore', film, flag, at(out), ...more, '--quiet'], scratch.cache);
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(new RegExp(`^reelmend: ${message}$`, 'm'));
  });
});

/** For each file how many of its samples are not those of a movie's frame, converted. */
async function differingFrom(movie: string, names: readonly string[]): Promise<number[]> {
  const ffmpeg = await findFfmpeg();
  const reel = await probeReel(at(movie), { transfer: 'auto' }, ffmpeg);
  const { format, width, height } = reel;
  const converter = frameConverter(
    { format, width, height, colour: plateColourOf(reel), isInterlaced: false },
    frameFormat('dpx'),
  );
  const pool = framePool(2, pictureBytes(format, width, height));
  const counts: number[] = [];
  for await (const { plate, loan } of plates(reel, { in: 0, out: FRAMES }, { pool, ffmpeg, signal: QUIET.signal })) {
    const { planes } = converter.convert(plate);
    loan.release();
    const { info, bytes } = await unpackStill(join(at('frames'), names[plate.frame] as string), 'dpx');
    const read = { frame: 0, format: sampleFormat(info.pixelFormat as string), width, height, bytes };
    counts.push(differingCodes({ width, height, bits: 10, planes: planes as Uint16Array[] }, read));
  }
  return counts;
}
