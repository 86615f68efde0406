import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { concatMap, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FrameRange } from '../../../src/film/range.ts';
import type { Reel } from '../../../src/film/reel.ts';
import { pictureBytes } from '../../../src/film/sample-format.ts';
import { decodePlates } from '../../../src/media/read/decode.ts';
import { FrameShortfall } from '../../../src/media/read/frame-shortfall.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();

async function hashes(reel: Reel, range: FrameRange): Promise<{ frame: number; md5: string }[]> {
  const pool = framePool(3, pictureBytes(reel.format, reel.width, reel.height));
  const all = await lastValueFrom(
    decodePlates(reel, range, { pool, ffmpeg }).pipe(
      concatMap(async ({ plate, loan }) => {
        const md5 = createHash('md5').update(plate.bytes).digest('hex');
        loan.release();
        return { frame: plate.frame, md5 };
      }),
      toArray(),
    ),
  );
  expect(pool.lent).toBe(0);
  return all;
}

describe('A range of a movie is decoded to the very frames that a decoder run over the whole file gives', () => {
  const cases: readonly [name: string, args: string, rate: string][] = [
    ['bframes.mp4', '-c:v libx264 -preset ultrafast -bf 3 -b-pyramid normal -g 24 -pix_fmt yuv420p', '24000/1001'],
    ['open-gop.mkv', '-c:v libx264 -preset veryfast -bf 3 -g 12 -x264-params open-gop=1 -pix_fmt yuv420p', '25'],
    [
      'open-gop-265.mp4',
      '-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=12:open-gop=1:bframes=4 -tag:v hvc1',
      '24',
    ],
    ['prores.mov', '-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le', '24000/1001'],
    ['dnxhr.mov', '-c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p', '25'],
    ['ffv1.mkv', '-c:v ffv1 -level 3 -g 1 -pix_fmt yuv420p10le', '16'],
    ['long-gop.ts', '-c:v libx264 -preset ultrafast -bf 2 -g 250 -pix_fmt yuv420p', '30000/1001'],
    ['mpeg4.avi', '-c:v mpeg4 -bf 2 -q:v 3 -pix_fmt yuv420p', '25'],
  ];
  for (const [name, args, rate] of cases) {
    it(name, async () => {
      const path = join(folder, name);
      await make(`${moving('256x144', rate, 60)} ${args}`, path);
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const whole = await framemd5(path, reel.format.name);
      expect(`${reel.rate.num}/${reel.rate.den}`).toBe(rate.includes('/') ? rate : `${rate}/1`);
      expect(reel.frames).toBe(60);
      expect(whole).toHaveLength(60);
      for (const range of [
        { in: 0, out: 60 },
        { in: 1, out: 4 },
        { in: 11, out: 14 },
        { in: 35, out: 49 },
        { in: 59, out: 60 },
      ]) {
        const expected = whole.slice(range.in, range.out).map((md5, k) => ({ frame: range.in + k, md5 }));
        expect(await hashes(reel, range)).toEqual(expected);
      }
    });
  }
});

describe('Samples come as they are stored', () => {
  const formats = ['yuv420p', 'yuv422p10le', 'yuv444p12le', 'gray16le', 'gbrp10le', 'bgr0', 'yuva444p10le', 'yuv411p'];
  for (const format of formats) {
    it(format, async () => {
      const path = join(folder, `${format}.mkv`);
      await make(`${moving('98x54', '24', 3)} -c:v ffv1 -level 3 -pix_fmt ${format}`, path);
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const whole = await framemd5(path, reel.format.name);
      expect((await hashes(reel, { in: 0, out: 3 })).map((frame) => frame.md5)).toEqual(whole);
    });
  }

  it('full range stays full range', async () => {
    const path = join(folder, 'full.mp4');
    await make(`${moving('96x54', '24', 3)} -c:v libx264 -qp 0 -pix_fmt yuvj420p`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel.colour.range).toBe('pc');
    expect((await hashes(reel, { in: 0, out: 3 })).map((frame) => frame.md5)).toEqual(await framemd5(path, 'yuvj420p'));
  });

  it('packed RGB with alpha keeps every value', async () => {
    const path = join(folder, 'alpha.mov');
    await make(
      `-f lavfi -i testsrc2=s=64x48:r=24,format=rgba,geq=r='X*4':g='Y*5':b='X+Y':a='X+3*Y' -frames:v 2 -c:v png -pix_fmt rgba`,
      path,
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const pool = framePool(1, pictureBytes(reel.format, 64, 48));
    const { plate, loan } = await firstValueFrom(decodePlates(reel, { in: 1, out: 2 }, { pool, ffmpeg }));
    const plane = (k: number, x: number, y: number) => plate.bytes[k * 64 * 48 + y * 64 + x];
    expect([plane(2, 10, 20), plane(0, 10, 20), plane(1, 10, 20), plane(3, 10, 20)]).toEqual([40, 100, 30, 70]);
    loan.release();
  });

  // ffmpeg 5.1 writes the tag `rotate=270` as a matrix by which it and players turn the picture 90 degrees clockwise.
  it('frames of a rotated movie are upright, as ffmpeg itself turns them', async () => {
    const path = join(folder, 'rotated.mp4');
    const flat = join(folder, 'flat.mp4');
    await make(`${moving('96x54', '24', 3)} -c:v libx264 -pix_fmt yuv420p`, flat);
    await make(`-i ${flat} -c copy -metadata:s:v:0 rotate=270`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ width: 54, height: 96, stored: { width: 96, height: 54, orientation: 6 } });
    const turned = join(folder, 'turned.mkv');
    await make(`-i ${path} -c:v ffv1`, turned);
    expect((await hashes(reel, { in: 0, out: 3 })).map((frame) => frame.md5)).toEqual(
      await framemd5(turned, 'yuv420p'),
    );
  });
});

describe('The pool is the back-pressure', () => {
  it('never more frames are out than it has buffers, however slow the consumer, and all come back', async () => {
    const path = join(folder, 'pressure.mkv');
    await make(`${moving('320x180', '24', 40)} -c:v ffv1`, path);
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const pool = framePool(3, pictureBytes(reel.format, reel.width, reel.height));
    let out = 0;
    let most = 0;
    let frames = 0;
    await new Promise<void>((resolve, reject) => {
      decodePlates(reel, { in: 0, out: 40 }, { pool, ffmpeg }).subscribe({
        next({ loan }) {
          out += 1;
          most = Math.max(most, out);
          setTimeout(() => {
            out -= 1;
            frames += 1;
            loan.release();
          }, 20);
        },
        complete: () => resolve(),
        error: reject,
      });
    });
    await expect.poll(() => frames).toBe(40);
    expect(most).toBe(3);
    expect(pool.lent).toBe(0);
  });

  it('unsubscribing ends ffmpeg and gives every buffer back', async () => {
    const path = join(folder, 'pressure.mkv');
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
    const { loan } = await firstValueFrom(decodePlates(reel, { in: 0, out: 40 }, { pool, ffmpeg }));
    loan.release();
    await expect.poll(() => pool.lent).toBe(0);
  });

  it('an aborted signal is the error that the consumer sees', async () => {
    const reel = await openMovie(join(folder, 'pressure.mkv'), { transfer: 'auto' }, ffmpeg);
    const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
    const controller = new AbortController();
    const held: { release(): void }[] = [];
    const ended = lastValueFrom(
      decodePlates(reel, { in: 0, out: 40 }, { pool, ffmpeg, signal: controller.signal }).pipe(
        concatMap(async ({ loan }) => {
          held.push(loan);
          if (held.length === 2) setTimeout(() => controller.abort(new Error('enough')), 50);
        }),
      ),
    );
    await expect(ended).rejects.toThrow('enough');
    for (const loan of held) loan.release();
    expect(pool.lent).toBe(0);
  });
});

describe('Missing frames', () => {
  it('are named after those that came, which keep their places', async () => {
    const whole = join(folder, 'pressure.mkv');
    const reel = await openMovie(whole, { transfer: 'auto' }, ffmpeg);
    const longer: Reel = { ...reel, frames: 43, times: [...reel.times, 1667, 1708, 1750] } as Reel;
    const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
    const came: number[] = [];
    const error = await new Promise((resolve) => {
      decodePlates(longer, { in: 36, out: 43 }, { pool, ffmpeg }).subscribe({
        next({ plate, loan }) {
          came.push(plate.frame);
          loan.release();
        },
        error: resolve,
        complete: () => resolve(undefined),
      });
    });
    expect(came).toEqual([36, 37, 38, 39]);
    expect(error).toBeInstanceOf(FrameShortfall);
    expect(error).toMatchObject({ expected: 7, got: 4, missing: [40, 41, 42] });
    expect(pool.lent).toBe(0);
  });
});
