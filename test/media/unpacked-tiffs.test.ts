import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Plate, planesOf } from '../../src/film/plate.ts';
import type { FolderReel, Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/read/decode.ts';
import { findDamage } from '../../src/media/read/find-damage.ts';
import { openFolder } from '../../src/media/read/folder/frame-folder.ts';
import { FrameShortfall } from '../../src/media/read/frame-shortfall.ts';
import { openMovie } from '../../src/media/read/movie/probe-movie.ts';
import { decodeProxy } from '../../src/media/read/proxy.ts';
import { openFolderTarget } from '../../src/media/write/folder/folder-target.ts';
import { openMovieTarget } from '../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg, temporaryFolder } from './lavfi.ts';
import { storedFor } from './lying.ts';
import { type DrawnPage, writeTiff } from './still/tiff/tiff-writer.ts';
import { FIRST, never, placeIn } from './write-take.ts';

const folder = await temporaryFolder();
const WIDTH = 40;
const HEIGHT = 24;
const seen = (x: number, y: number, c: number) => 75 * x + 30 * y + 200 * c + ((x * y) % 7);

/** A page that shows `seen` to who turns it by its orientation: its pixels' places are turned as bytes are. */
function lying(orientation: number, form: Partial<DrawnPage>): DrawnPage {
  const [xs, ys] = [0, 1].map((axis) =>
    storedFor(orientation, {
      ...{ width: WIDTH, height: HEIGHT, channels: 1 },
      bytes: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, k) => (axis ? Math.floor(k / WIDTH) : k % WIDTH)),
    }),
  ) as [ReturnType<typeof storedFor>, ReturnType<typeof storedFor>];
  const { width, height } = xs;
  return {
    ...{
      width,
      height,
      bits: 12,
      samples: 3,
      photometric: 2,
      planar: false,
      compression: 8,
      predictor: 1,
      fillOrder: 1,
    },
    ...{ orientation, cut: { tile: [16, 16] } },
    value: (x, y, c) => seen(xs.bytes[y * width + x] as number, ys.bytes[y * width + x] as number, c),
    ...form,
  };
}

const thumbnail: DrawnPage = {
  ...lying(1, { cut: { rows: 8 } }),
  ...{ width: 10, height: 6, bits: 8, subfile: 1, value: () => 77 },
};

async function reelIn(name: string, fileOf: (orientation: number) => Buffer): Promise<FolderReel> {
  const path = join(folder, name);
  await mkdir(path);
  for (let k = 1; k <= 8; k++) await writeFile(join(path, `scan.${k}.tif`), fileOf(k));
  return openFolder(path, { transfer: 'auto' }, ffmpeg);
}

const tiles = (orientation: number) =>
  writeTiff({
    ...{ bigEndian: orientation % 2 === 0, big: orientation > 4, directoriesFirst: orientation % 3 === 0 },
    pages: orientation % 2 === 0 ? [thumbnail, lying(orientation, {})] : [lying(orientation, {}), thumbnail],
  });

async function platesOf(reel: Reel): Promise<Plate[]> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  const all: Plate[] = [];
  for await (const { plate, loan } of plates(reel, { in: 0, out: reel.frames }, { pool, ffmpeg, signal: never })) {
    all.push({ ...plate, bytes: plate.bytes.slice() });
    loan.release();
  }
  return all;
}

function painted(plate: Plate): Plate {
  const bytes = plate.bytes.slice();
  for (const { samples, width } of planesOf(plate.format, bytes, plate.width, plate.height)) {
    for (let y = 5; y < 9; y++)
      for (let x = 20; x < 30; x++) samples[y * width + x] = 4095 - (samples[y * width + x] as number);
  }
  return { ...plate, bytes };
}

describe('A reel of TIFF stills with tiles, 12 bits, smaller versions and all orientations', () => {
  it('is of the large picture, upright, and comes back with nothing else changed', async () => {
    const reel = await reelIn('tiles', tiles);
    expect(reel).toMatchObject({ width: WIDTH, height: HEIGHT, unpacked: true, pixelFormat: 'gbrp12le' });
    expect(reel.notes?.join('\n')).toContain('2 pages or smaller versions');
    const before = await platesOf(reel);
    expect(before).toHaveLength(8);
    for (const plate of before) {
      const [green, blue, red] = planesOf(plate.format, plate.bytes, WIDTH, HEIGHT);
      for (let k = 0; k < WIDTH * HEIGHT; k++) {
        const [x, y] = [k % WIDTH, Math.floor(k / WIDTH)];
        expect([red, green, blue].map((plane) => plane?.samples[k])).toEqual([0, 1, 2].map((c) => seen(x, y, c)));
      }
    }

    const range = { in: 0, out: 8 };
    const out = join(folder, 'tiles-out');
    const target = await openFolderTarget(reel, { out, work: `${out}.work`, range });
    await using take = await target.openTake(range, placeIn(`${out}.work`));
    for (const plate of before) await take.write(painted(plate), { in: 5, out: 9, columns: { in: 20, out: 30 } });
    await target.conform([await take.finish()], FIRST);
    const written = await openFolder(out, { transfer: 'auto' }, ffmpeg);
    expect(written.stored).toEqual(reel.stored);
    (await platesOf(written)).forEach(({ bytes }, k) => {
      expect(Buffer.from(bytes).equals(painted(before[k] as Plate).bytes)).toBe(true);
    });
  });

  it('is tracked and becomes a movie as any other', async () => {
    const reel = await openFolder(join(folder, 'tiles'), { transfer: 'auto' }, ffmpeg);
    const size = { width: 20, height: 12 };
    const pool = framePool(2, size.width * size.height * 3);
    const tones: number[] = [];
    await decodeProxy(reel, { in: 2, out: 8 }, size, { pool, ffmpeg }).forEach(({ frame, loan }) => {
      tones[frame] = loan.bytes[3 * (6 * 20 + 10)] as number;
      loan.release();
    });
    const middle = (75 * 20.5 + 30 * 12.5) / 16;
    expect(tones.slice(2).every((tone) => Math.abs(tone - middle) < 3)).toBe(true);
    const upright = await reelIn('upright', () => tiles(1));
    const out = join(folder, 'upright.mkv');
    const target = await openMovieTarget(upright, { out }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 8 }, placeIn(`${out}.work`))], FIRST);
    const [first] = (await platesOf(await openMovie(out, { transfer: 'auto' }, ffmpeg))) as [Plate];
    expect(first.format.name).toBe('gbrp12le');
    expect(Buffer.from(first.bytes).equals((await platesOf(upright))[0]?.bytes as Uint8Array)).toBe(true);
  });

  it('has a frame whose packed tiles are damaged named, and the others in their places', async () => {
    const reel = await reelIn('damaged', () => tiles(1));
    const bad = reel.files[3] as string;
    const file = await readFile(bad);
    // The beginning of a tile's packed bytes: no header of deflate begins so.
    const at = file.indexOf(Buffer.from([0x78, 0x9c]));
    file.fill(0xff, at, at + 2);
    await writeFile(bad, file);
    const frames: number[] = [];
    const pool = framePool(1, pictureBytes(reel.format, WIDTH, HEIGHT));
    const decode = async () => {
      for await (const { plate, loan } of plates(reel, { in: 0, out: 8 }, { pool, ffmpeg, signal: never })) {
        frames.push(plate.frame);
        loan.release();
      }
    };
    const error = await decode().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FrameShortfall);
    expect((error as FrameShortfall).missing).toEqual([3]);
    expect(frames).toEqual([0, 1, 2, 4, 5, 6, 7]);
    const damage = await findDamage(reel, { in: 0, out: 8 }, ffmpeg);
    expect([...damage.keys()]).toEqual([3]);
    expect(damage.get(3)).toContain('a strip or tile cannot be unpacked (incorrect header check)');
  });
});
