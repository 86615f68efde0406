import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256Of } from '../../../src/disk/sha256.ts';
import type { Reel } from '../../../src/film/reel.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { masterCodec } from '../../../src/media/master/master-codec.ts';
import type { MasterForm } from '../../../src/media/master/master-form.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../src/media/write/movie/movie-target.ts';
import { chooseCodec, codedFormat } from '../../../src/media/write/movie-codec.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../write-take.ts';

const folder = await temporaryFolder();

describe('Codecs', () => {
  afterEach(() => vi.unstubAllEnvs());

  for (const [codec, extension, pixelFormat] of [
    ['prores', '.mov', 'yuv422p10le'],
    ['prores4444', '.mov', 'yuv444p12le'],
    ['dnxhr', '.mov', 'yuv422p'],
    ['h264', '.mp4', 'yuv420p'],
    ['h265', '.mp4', 'yuv420p'],
    ['ffv1', '.mkv', 'yuv420p'],
  ] as const) {
    it(`${codec} is written frame for frame`, async () => {
      const path = join(folder, 'codecs.mkv');
      await stat(path).catch(() => make(`${moving('256x144', '24', 8)} -c:v ffv1 -pix_fmt yuv420p`, path));
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const out = join(folder, `codec-${codec}${extension}`);
      const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
      const segments = [
        await writeTake(reel, target, { in: 0, out: 5 }, `${out}.work`),
        await target.copyTake({ in: 5, out: 8 }, placeIn(`${out}.work`)),
      ];
      await target.conform(segments, FIRST);
      const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
      expect(written).toMatchObject({ frames: 8, pixelFormat });
      // Each frame is nearest to its own source frame: nothing has slipped.
      const planes = async (reelOf: Reel) =>
        make(`-i ${reelOf.path} -vf scale=64:36,format=gray -vsync 0 -f rawvideo`, join(folder, 'g.raw')).then(() =>
          readFile(join(folder, 'g.raw')),
        );
      const a = await planes(reel);
      const b = await planes(written);
      const size = 64 * 36;
      for (let k = 0; k < 8; k++) {
        const errors = Array.from({ length: 8 }, (_, j) => {
          let sum = 0;
          for (let i = 0; i < size; i++) sum += Math.abs((a[j * size + i] as number) - (b[k * size + i] as number));
          return sum / size;
        });
        expect(errors.indexOf(Math.min(...errors))).toBe(k);
        expect(errors[k]).toBeLessThan(4);
      }
    });
  }

  for (const [codec, extension] of [
    ['h264', '.mp4'],
    ['h265', '.mp4'],
    ['prores', '.mov'],
    ['dnxhr', '.mov'],
    ['ffv1', '.mkv'],
  ] as const) {
    it(`${codec} has the same bytes whether one core may be used or four`, async () => {
      const path = join(folder, 'cores.mkv');
      await stat(path).catch(() => make(`${moving('640x360', '24', 12)} -c:v ffv1 -pix_fmt yuv420p`, path));
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const encoded = async (cores: string) => {
        vi.stubEnv('REELMEND_CORES', cores);
        const out = join(folder, `${codec}-${cores}`, `out${extension}`);
        await mkdir(dirname(out), { recursive: true });
        const target = await openMovieTarget(reel, { out, codec }, ffmpeg);
        await target.conform([await writeTake(reel, target, { in: 0, out: 12 }, `${out}.work`)], FIRST);
        return sha256Of(await readFile(out));
      };
      expect(await encoded('4')).toBe(await encoded('1'));
    });
  }

  it('another encoder of a master has its threads, unless its preset says how many', () => {
    const optionsOf = (options: MasterForm['picture']['options']) => {
      const picture = { codec: 'h264', encoder: 'mpeg2video', samples: ['yuv420p'], options } as const;
      return masterCodec({ name: 'MPEG-2', container: 'mkv', picture } as unknown as MasterForm).options('yuv420p', 1);
    };
    expect(optionsOf({ qmax: 4 })).toEqual(['-qmax', '4', '-threads', '8']);
    expect(optionsOf({ threads: 2 })).toEqual(['-threads', '2']);
  });

  it('keep 12 bits where they can, and say so where they cannot', async () => {
    for (const [source, out, codec, coded, note] of [
      ['yuv444p12le', 'a.mkv', undefined, 'yuv444p12le', undefined],
      ['yuv422p12le', 'a.mkv', undefined, 'yuv422p12le', undefined],
      ['gbrp12le', 'a.mkv', undefined, 'gbrp12le', undefined],
      ['yuv444p12le', 'a.mp4', 'h265', 'yuv444p12le', undefined],
      ['yuv422p12le', 'a.mp4', 'h265', 'yuv422p12le', undefined],
      ['yuv420p12le', 'a.mkv', 'h265', 'yuv420p12le', undefined],
      ['yuva444p12le', 'a.mkv', undefined, 'yuva444p16le', 'from which they come back as they are'],
      ['yuv444p12le', 'a.mov', undefined, 'yuv444p10le', '12 bits become 10'],
      ['yuv422p12le', 'a.mov', 'dnxhr', 'yuv422p10le', '12 bits become 10'],
    ] as const) {
      const format = sampleFormat(source);
      const chosen = await chooseCodec(out, codec, format, ffmpeg);
      const found = await codedFormat(out, chosen, { format, width: 256, height: 120 }, ffmpeg);
      expect(found.pixelFormat, `${source} in ${out}`).toBe(coded);
      if (note === undefined) expect(found).toEqual({ pixelFormat: coded, exact: true });
      else expect(found.note).toContain(note);
    }
  });

  it('what cannot work is refused before anything is written', async () => {
    const reel = await openMovie(join(folder, 'codecs.mkv'), { transfer: 'auto' }, ffmpeg);
    const open = (out: string, codec?: string) => openMovieTarget(reel, { out: join(folder, out), codec }, ffmpeg);
    await expect(open('a.mp4', 'prores')).rejects.toThrow(
      /ProRes 422 HQ is not kept in \.mp4\. Name --out with \.mov or \.mkv/,
    );
    await expect(open('a.mkv', 'divx')).rejects.toThrow(/"divx" is not a codec\. --codec takes one of: ffv1, prores/);
    await expect(open('a.webm')).rejects.toThrow(/a movie ends in \.mkv, \.mov or \.mp4/);
  });
});
