import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Reel } from '../../../src/film/reel.ts';
import { sampleFormat } from '../../../src/film/sample-format.ts';
import { openMovie } from '../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../src/media/write/movie/movie-target.ts';
import { chooseCodec, codedFormat } from '../../../src/media/write/movie-codec.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';
import { FIRST, placeIn, writeTake } from '../write-take.ts';

const folder = await temporaryFolder();

describe('Codecs', () => {
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
