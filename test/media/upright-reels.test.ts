import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Orientation } from '../../src/film/orientation.ts';
import { type Plate, planesOf } from '../../src/film/plate.ts';
import type { FolderReel, Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { turnBack } from '../../src/film/turn-picture.ts';
import { plates } from '../../src/media/read/decode.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { openMovie } from '../../src/media/read/movie/probe-movie.ts';
import { decodeProxy } from '../../src/media/read/proxy.ts';
import { openFolderTarget } from '../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg, make, moving, temporaryFolder } from './lavfi.ts';
import { type Pixels, storedFor } from './lying.ts';
import { exifBlock, jpegWithExif, pngWithExif } from './still/exif-block.ts';
import { FIRST, never, placeIn, writeTake } from './write-take.ts';

const folder = await temporaryFolder();
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const WIDTH = 48;
const HEIGHT = 32;

/** Smooth enough for JPEG, and another in each of its quarters. */
const SEEN: Pixels = {
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
  bytes: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, k) => {
    const [x, y] = [Math.floor(k / 3) % WIDTH, Math.floor(k / 3 / WIDTH)];
    return [4 * x + 20, 7 * y + 10, 2 * x + 3 * y][k % 3] as number;
  }),
};

/** A folder with a frame in each orientation, all of which show `SEEN`. */
async function reelOf(name: string, encode: (stored: Sharp, orientation: number) => Promise<Buffer>) {
  const path = join(folder, name);
  await mkdir(path);
  for (const orientation of ORIENTATIONS) {
    const { bytes, ...raw } = storedFor(orientation, SEEN);
    const file = await encode(sharp(bytes, { raw: { ...raw, channels: 3 } }), orientation);
    await writeFile(join(path, `a.${orientation}.${name.split('-')[0]}`), file);
  }
  return openFolder(path, { transfer: 'auto' }, ffmpeg);
}

const png = (stored: Sharp, orientation: number) =>
  stored
    .png()
    .toBuffer()
    .then((file) => pngWithExif(file, exifBlock(orientation, orientation % 2 === 0), orientation === 6));
const jpeg = (chromaSubsampling: string) => (stored: Sharp, orientation: number) =>
  stored
    .jpeg({ quality: 100, chromaSubsampling })
    .toBuffer()
    .then((file) => jpegWithExif(file, exifBlock(orientation, orientation % 2 === 0)));

async function platesOf(reel: Reel): Promise<Plate[]> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  const all: Plate[] = [];
  for await (const { plate, loan } of plates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg, signal: never })) {
    all.push({ ...plate, bytes: plate.bytes.slice() });
    loan.release();
  }
  return all;
}

/** The rectangle [24, 36) × [8, 16) in another colour; it begins and ends within blocks of JPEG. */
function painted(plate: Plate): Plate {
  const bytes = plate.bytes.slice();
  planesOf(plate.format, bytes, plate.width, plate.height).forEach(({ samples, width }, k) => {
    const { shiftX = 0, shiftY = 0 } = plate.format.planes[k] ?? {};
    for (let y = 8 >> shiftY; y < 16 >> shiftY; y++) {
      for (let x = 24 >> shiftX; x < 36 >> shiftX; x++)
        samples[y * width + x] = (samples[y * width + x] as number) ^ 0x40;
    }
  });
  return { ...plate, bytes };
}

async function restored(reel: FolderReel, name: string): Promise<FolderReel> {
  const range = { in: 0, out: reel.frames };
  const out = join(folder, name);
  const target = await openFolderTarget(reel, { out, work: `${out}.work`, range });
  await using take = await target.openTake(range, placeIn(`${out}.work`));
  for (const plate of await platesOf(reel)) {
    await take.write(painted(plate), { in: 8, out: 16, columns: { in: 24, out: 36 } });
  }
  await target.conform([await take.finish()], FIRST);
  return openFolder(out, { transfer: 'auto' }, ffmpeg);
}

/** The movie with another display matrix, whose place in its track's header the test finds by itself (ISO/IEC 14496-12 §8.3.2). */
async function withMatrix(path: string, matrix: readonly number[], to: string): Promise<string> {
  const file = await readFile(path);
  const at = file.indexOf('tkhd') + 4 + 40;
  matrix.forEach((value, k) => void file.writeInt32BE(value, at + 4 * k));
  await writeFile(to, file);
  return to;
}

/** a, b, c, d of some orientations: where the stored axes are shown. `orientationOfMatrix` is tested with all. */
const MATRICES: Readonly<Record<number, readonly [number, number, number, number]>> = {
  2: [-1, 0, 0, 1],
  5: [0, 1, 1, 0],
  8: [0, -1, 1, 0],
};

describe('A movie that players turn', () => {
  it('is upright, and keeps its frames and its matrix, flips too; a container without one says so', async () => {
    const flat = join(folder, 'flat.mov');
    await make(`${moving('48x32', '24', 3)} -c:v ffv1 -pix_fmt yuv422p10le -strict -2`, flat);
    const stored = await platesOf(await openMovie(flat, { transfer: 'auto' }, ffmpeg));
    for (const [orientation, [a, b, c, d]] of Object.entries(MATRICES)) {
      // Where the corner goes that a turn takes out of the picture, phones write too.
      const matrix = [a * 65536, b * 65536, 0, c * 65536, d * 65536, 0, 32 * 65536, 0, 0x40000000];
      const path = await withMatrix(flat, matrix, join(folder, `turned-${orientation}.mov`));
      const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
      const isLying = Number(orientation) > 4;
      expect(reel).toMatchObject({
        width: isLying ? 32 : 48,
        height: isLying ? 48 : 32,
        stored: { width: 48, height: 32, orientation: Number(orientation) },
        displayMatrix: matrix,
      });
      expect(reel.format.name).toBe(isLying ? 'yuv440p10le' : 'yuv422p10le');
      const [first] = (await platesOf(reel)) as [Plate];
      const back = { ...(stored[0] as Plate), bytes: new Uint8Array(first.bytes.length) };
      turnBack(first, Number(orientation) as Orientation, back);
      expect(Buffer.from(back.bytes).equals((stored[0] as Plate).bytes)).toBe(true);
      if (orientation !== '5') continue;

      for (const extension of ['.mov', '.mkv']) {
        const out = join(folder, `turned-${orientation}-out${extension}`);
        const target = await openMovieTarget(
          reel,
          { out, codec: extension === '.mov' ? 'prores4444' : 'ffv1' },
          ffmpeg,
        );
        const takes = [
          await target.copyTake({ in: 0, out: 1 }, placeIn(`${out}.work`)),
          await writeTake(reel, target, { in: 1, out: 3 }, `${out}.work`),
        ];
        await target.conform(takes, FIRST);
        const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
        if (extension === '.mov') {
          expect(written).toMatchObject({ displayMatrix: matrix, stored: reel.stored, frames: 3 });
          expect(target.notes.join()).not.toContain('turned');
          continue;
        }
        expect(written).toMatchObject({ width: 48, height: 32, frames: 3 });
        expect(target.notes.filter((note) => note.includes('is turned for the eye'))).toHaveLength(1);
        (await platesOf(written)).forEach(({ bytes }, k) => {
          expect(Buffer.from(bytes).equals(stored[k]?.bytes as Uint8Array)).toBe(true);
        });
      }
    }
  }, 120_000);

  it('by an odd angle is seen as stored, and says so', async () => {
    const path = await withMatrix(
      join(folder, 'flat.mov'),
      [46341, 46341, 0, -46341, 46341, 0, 0, 0, 0x40000000],
      join(folder, 'odd.mov'),
    );
    const reel = await openMovie(path, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ width: 48, height: 32 });
    expect(reel.stored).toBeUndefined();
    expect(reel.notes?.join()).toContain('by an angle that is not a multiple of 90 degrees');
  });
});

describe('Frames whose headers say how they are turned', () => {
  it('are upright plates, and PNG files keep all but the changed samples', async () => {
    const reel = await reelOf('png-all', png);
    expect(reel).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(reel.stored?.map(({ width, orientation }) => [width, orientation])).toEqual(
      ORIENTATIONS.map((orientation) => [orientation < 5 ? WIDTH : HEIGHT, orientation]),
    );
    expect(reel.notes?.join()).toContain('6, turned by 90 degrees clockwise');
    const before = await platesOf(reel);
    for (const plate of before) {
      const [green, blue, red] = planesOf(plate.format, plate.bytes, WIDTH, HEIGHT);
      const seen = SEEN.bytes.map((_, k) => [red, green, blue][k % 3]?.samples[Math.floor(k / 3)] as number);
      expect(Buffer.from(seen).equals(SEEN.bytes)).toBe(true);
    }

    const written = await restored(reel, 'png-out');
    expect(written.stored).toEqual(reel.stored);
    const after = await platesOf(written);
    after.forEach((plate, k) => {
      expect(Buffer.from(plate.bytes).equals(painted(before[k] as Plate).bytes)).toBe(true);
    });
  });

  it.each(['4:2:0', '4:4:4'])(
    'are upright plates of JPEG in %s, and outside the touched blocks nothing changes',
    async (chroma) => {
      const reel = await reelOf(`jpg-${chroma[2]}`, jpeg(chroma));
      expect(reel).toMatchObject({ width: WIDTH, height: HEIGHT });
      const before = await platesOf(reel);
      const [first] = before as [Plate];
      for (const { bytes } of before) {
        // Of the same picture, coded on its side: blocks round otherwise.
        expect(bytes.every((value, k) => Math.abs(value - (first.bytes[k] as number)) <= 3)).toBe(true);
      }
      const written = await restored(reel, `jpg-${chroma[2]}-out`);
      for (const [k, file] of written.files.entries()) {
        const [source, now] = await Promise.all([readFile(reel.files[k] as string), readFile(file as string)]);
        // Start mark and EXIF segment.
        expect(now.subarray(0, 60).equals(source.subarray(0, 60))).toBe(true);
        expect(now.equals(source)).toBe(false);
        expect(basename(file as string)).toBe(basename(reel.files[k] as string));
      }
      const after = await platesOf(written);
      after.forEach((plate, n) => {
        const [luma] = planesOf(plate.format, plate.bytes, WIDTH, HEIGHT);
        const [old] = planesOf(plate.format, (before[n] as Plate).bytes, WIDTH, HEIGHT);
        let changed = 0;
        luma?.samples.forEach((value: number, k: number) => {
          const [x, y] = [k % WIDTH, Math.floor(k / WIDTH)];
          if (x >= 24 && x < 40 && y >= 8 && y < 16) changed += Number(value !== old?.samples[k]);
          else expect(value).toBe(old?.samples[k]);
        });
        expect(changed).toBeGreaterThan(90);
      });
    },
  );

  it('are upright proxies', async () => {
    const reel = await openFolder(join(folder, 'png-all'), { transfer: 'auto' }, ffmpeg);
    const size = { width: WIDTH / 2, height: HEIGHT / 2 };
    const pool = framePool(8, size.width * size.height * 3);
    const seen: Buffer[] = [];
    await decodeProxy(reel, { in: 0, out: 8 }, size, { pool, ffmpeg }).forEach(({ loan }) => {
      seen.push(Buffer.from(loan.bytes));
      loan.release();
    });
    expect(seen).toHaveLength(8);
    for (const picture of seen) {
      // The scaler rounds across, then down: of a picture on its side the other way round.
      expect(picture.every((value, k) => Math.abs(value - (seen[0]?.[k] as number)) <= 1)).toBe(true);
    }
  });

  it('are upright in a movie, where no frame can say how it is turned', async () => {
    const reel = await openFolder(join(folder, 'png-all'), { transfer: 'auto' }, ffmpeg);
    const out = join(folder, 'png-out.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const takes = [await target.copyTake({ in: 0, out: 5 }, placeIn(`${out}.work`))];
    await using take = await target.openTake({ in: 5, out: 8 }, placeIn(`${out}.work`));
    await take.pass(5);
    const before = await platesOf(reel);
    for (const plate of before.slice(6)) await take.write(plate, null);
    await target.conform([...takes, await take.finish()], FIRST);
    const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
    expect(written).toMatchObject({ width: WIDTH, height: HEIGHT, frames: 8 });
    const after = await platesOf(written);
    expect(after.every(({ bytes }, k) => Buffer.from(bytes).equals(before[k]?.bytes as Uint8Array))).toBe(true);
  });
});
