import { execFile } from 'node:child_process';
import { appendFile, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { MovieReel } from '../../../../src/film/reel.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { ffmpeg, framemd5, make, temporaryFolder } from '../../lavfi.ts';
import { never, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();
const open = (path: string) => openMovie(path, { transfer: 'auto' }, ffmpeg);

/** Ten frames that begin `place` times ten frames after the first part's. */
async function part(name: string, place: number, { size = '96x64', filter = 'null', options = '-c:v mpeg2video' }) {
  const path = join(folder, name);
  const picture = `-f lavfi -i testsrc2=s=${size}:r=25:d=0.4 -f lavfi -i sine=d=0.4 -vf ${filter}`;
  await make(`${picture} -bf 2 -g 5 ${options} -c:a mp2 -output_ts_offset ${(1 + place * 0.4).toFixed(1)}`, path);
  return path;
}

async function joined(name: string, parts: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await copyFile(parts[0] as string, path);
  for (const one of parts.slice(1)) await appendFile(path, await readFile(one));
  return path;
}

const X264 = '-c:v libx264 -preset ultrafast -x264-params log-level=error';
const BT709 = '-color_primaries bt709 -color_trc bt709 -colorspace bt709';
const BT601 = '-color_primaries smpte170m -color_trc smpte170m -colorspace smpte170m';
type Part = Parameters<typeof part>[2];
const CHANGES: readonly [what: string, before: Part, after: Part, sentence: string][] = [
  ['size', {}, { size: '64x48' }, 'size from 96 × 64 to 64 × 48'],
  ['pixel aspect', {}, { filter: 'setdar=16/9' }, 'pixel aspect from 1:1 to 32:27'],
  [
    'pixel format',
    { options: `${X264} -pix_fmt yuv420p` },
    { options: `${X264} -pix_fmt yuv422p10le` },
    'pixel format from yuv420p to yuv422p10le',
  ],
  [
    'colour',
    { options: `${X264} -pix_fmt yuv420p ${BT709}` },
    { options: `${X264} -pix_fmt yuv420p ${BT601}` },
    'matrix from bt709 to smpte170m, primaries from bt709 to smpte170m, transfer from bt709 to smpte170m',
  ],
];

describe('A movie whose picture changes midway is refused, with the frame and the command that cuts it, by which each part opens', () => {
  for (const [what, before, after, sentence] of CHANGES) {
    it(what, async () => {
      const name = what.replace(' ', '-');
      const parts = [
        await part(`${name}-1.ts`, 0, before),
        await part(`${name}-2.ts`, 1, after),
        await part(`${name}-3.ts`, 2, before),
      ];
      const path = await joined(`${name}.ts`, parts);
      const error = await open(path).catch((reason: Error) => reason);
      expect(error).toMatchObject({ name: 'ReelError' });
      const { message } = error as Error;
      expect(message).toContain(`${sentence} at frame 11; `);
      expect(message).toContain(' at frame 21)');

      const command = /each part by itself: (ffmpeg .*)$/.exec(message)?.[1] as string;
      await promisify(execFile)('sh', ['-c', command.replace(/^ffmpeg/, `${ffmpeg.ffmpeg} -v error -nostdin`)]);
      for (const [k, whole] of parts.entries()) {
        const cut = path.replace('.ts', `-part${k}.ts`);
        const reel = await open(cut);
        const own = await open(whole);
        const { width, height, pixelFormat, pixelAspect, colour } = own;
        expect(reel).toMatchObject({ frames: 10, width, height, pixelFormat, pixelAspect, colour });
        expect(await framemd5(cut, reel.format.name)).toEqual(await framemd5(whole, own.format.name));
      }
    });
  }

  it('also where the times of the parts repeat', async () => {
    // The decoder (seen in 5.1) keeps the last frame before another size to itself.
    const path = await joined('again.ts', [await part('a.ts', 0, {}), await part('b.ts', 0, { size: '64x48' })]);
    await expect(open(path)).rejects.toThrow('size from 96 × 64 to 64 × 48 at frame 10)');
  });
});

describe('Fields that change midway', () => {
  it('are noted, with the frame', async () => {
    const interlaced = '-c:v mpeg2video -flags +ildct+ilme -top 1';
    const path = await joined('fields.ts', [
      await part('f1.ts', 0, {}),
      await part('f2.ts', 1, { filter: 'setfield=tff', options: interlaced }),
      await part('f3.ts', 2, {}),
    ]);
    expect((await open(path)).notes).toEqual([
      'Its frames change from progressive to top field first at frame 11, and 2 times in all; the output is tagged as the first are.',
    ]);
  });
});

describe('A size that changes where no scan finds it', () => {
  it('is never scaled: plates and copied takes end with the frame', async () => {
    const path = await joined('late.ts', [await part('l1.ts', 0, {}), await part('l2.ts', 1, { size: '64x48' })]);
    const whole = await open(await part('whole.ts', 0, {}));
    const reel: MovieReel = {
      ...whole,
      path,
      frames: 20,
      times: [...whole.times, ...whole.times.map((t) => t + 36_000)],
    };
    const sentence = 'frame 11 is not of 96 × 64 as its first';
    const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
    const seen: number[] = [];
    const decode = async () => {
      for await (const { plate, loan } of plates(reel, { in: 4, out: 20 }, { pool, ffmpeg, signal: never })) {
        seen.push(plate.frame);
        loan.release();
      }
    };
    await expect(decode()).rejects.toThrow(sentence);
    // ffmpeg's decoder drops the frame before another size (seen in 5.1).
    expect(seen).toEqual([4, 5, 6, 7, 8]);
    const target = await openMovieTarget(reel, { out: join(folder, 'late.mkv') }, ffmpeg);
    await expect(target.copyTake({ in: 4, out: 20 }, placeIn(join(folder, 'late.work')))).rejects.toThrow(sentence);
  });
});
