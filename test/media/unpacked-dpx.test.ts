import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plate } from '../../src/film/plate.ts';
import type { Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/read/decode.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { openMovie } from '../../src/media/read/movie/probe-movie.ts';
import { openFolderTarget } from '../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg, temporaryFolder } from './lavfi.ts';
import { type DrawnDpx, drawDpx } from './still/dpx/dpx-writer.ts';
import { repaint } from './still/footage.ts';
import { FIRST, never, placeIn } from './write-take.ts';

const folder = await temporaryFolder();

const scan: DrawnDpx = {
  ...{ bigEndian: false, descriptor: 100, bits: 10, packing: 1, width: 64, height: 40 },
  ...{ offset: 2051, rows: 'filled', trailing: 5, fileSize: 0, transfer: 6, filmRate: 25, seed: 0.3 },
};
/** Layouts that ffmpeg does not read, or not rightly, and the samples that they are. */
const LAYOUTS: readonly [string, Partial<DrawnDpx>, string][] = [
  ['10-bit 4:2:2', {}, 'yuv422p10le'],
  ['12-bit 4:2:2 with alpha', { descriptor: 101, bits: 12 }, 'yuva422p12le'],
  ['16-bit 4:4:4', { descriptor: 102, bits: 16 }, 'yuv444p16le'],
  ['10-bit RGB without gaps', { descriptor: 50, packing: 0 }, 'gbrp10le'],
  ['10-bit RGB by method B, the gaps not empty', { descriptor: 50, packing: 2 }, 'gbrp10le'],
  ['12-bit ABGR with padded rows', { descriptor: 52, bits: 12, rowPadding: 12 }, 'gbrap12le'],
  ['10-bit luma in rows that begin inside words', { descriptor: 6, rows: 'running' }, 'gray10le'],
];

async function platesOf(reel: Reel): Promise<Plate[]> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  const all: Plate[] = [];
  for await (const { plate, loan } of plates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg, signal: never })) {
    all.push({ ...plate, bytes: plate.bytes.slice() });
    loan.release();
  }
  return all;
}

describe('A reel of DPX scans that this program reads', () => {
  it.each(LAYOUTS)('of %s is changed where it is asked to be, and nowhere else', async (title, layout, pixelFormat) => {
    const source = join(folder, title);
    await mkdir(source);
    const drawn = [0.1, 0.5, 0.9].map((seed) => drawDpx({ ...scan, ...layout, seed }));
    for (const [k, { file }] of drawn.entries()) await writeFile(join(source, `a${k}.dpx`), file);
    const reel = await openFolder(source, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ pixelFormat, unpacked: true });
    const before = await platesOf(reel);
    expect(before.map(({ bytes }, k) => Buffer.compare(bytes, drawn[k]?.planes as Uint8Array))).toEqual([0, 0, 0]);

    const out = `${source} out`;
    const target = await openFolderTarget(reel, { out, work: `${out}.work`, range: { in: 0, out: 3 } });
    await using take = await target.openTake({ in: 0, out: 3 }, placeIn(`${out}.work`));
    const painted = repaint(before[1] as Plate, 16, 24);
    await take.write(before[0] as Plate, null);
    await take.write(painted, { in: 16, out: 24 });
    await take.pass(2);
    await target.conform([await take.finish()], FIRST);
    const after = await platesOf(await openFolder(out, { transfer: 'auto' }, ffmpeg));
    const expected = [before[0], painted, before[2]] as Plate[];
    expect(after.map(({ bytes }, k) => Buffer.compare(bytes, (expected[k] as Plate).bytes))).toEqual([0, 0, 0]);
    const [old, changed] = await Promise.all(
      [source, out].map((path) => readFile(join(path, basename(reel.files[1] as string)))),
    );
    expect(changed?.subarray(0, scan.offset).equals(old?.subarray(0, scan.offset) as Buffer)).toBe(true);
    expect(changed?.subarray(-5).equals(old?.subarray(-5) as Buffer)).toBe(true);
  });

  it('becomes a lossless movie as any other', async () => {
    const reel = await openFolder(join(folder, '10-bit 4:2:2'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'movie.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 3 }, placeIn(`${out}.work`))], FIRST);
    const movie = await openMovie(out, { transfer: 'auto' }, ffmpeg);
    expect(movie).toMatchObject({ rate: { num: 25, den: 1 }, pixelFormat: 'yuv422p10le' });
    expect(movie.colour.transfer).toBe('bt709');
    const [source, written] = [await platesOf(reel), await platesOf(movie)];
    expect(written.map(({ bytes }, k) => Buffer.compare(bytes, (source[k] as Plate).bytes))).toEqual([0, 0, 0]);
  });
});
