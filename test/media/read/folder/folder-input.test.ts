import { execFile } from 'node:child_process';
import { mkdir, rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { FolderReel, StillKind } from '../../../../src/film/reel.ts';
import { pictureBytes, sampleFormat } from '../../../../src/film/sample-format.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { findDamage } from '../../../../src/media/read/find-damage.ts';
import { folderInput } from '../../../../src/media/read/folder/folder-input.ts';
import { FrameShortfall } from '../../../../src/media/read/frame-shortfall.ts';
import { openMovie } from '../../../../src/media/read/movie/probe-movie.ts';
import { openMovieTarget } from '../../../../src/media/write/movie/movie-target.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { differingFrames } from '../../differing-frames.ts';
import { ffmpeg, framemd5, make, moving, temporaryFolder } from '../../lavfi.ts';
import { FIRST, never, placeIn } from '../../write-take.ts';

const folder = await temporaryFolder();

function reelOf(files: (string | null)[], still: StillKind, pixelFormat: string, damaged: number[] = []): FolderReel {
  return {
    kind: 'folder',
    path: folder,
    still,
    files,
    width: 96,
    height: 54,
    rate: { num: 24, den: 1 },
    frames: files.length,
    first: 1001,
    format: sampleFormat(pixelFormat),
    pixelFormat,
    colour: still === 'jpeg' ? { range: 'pc' } : {},
    transfer: 'rec709',
    damaged: new Map(damaged.map((frame) => [frame, 'known'])),
  };
}

async function sequence(name: string, extension: string, frames: number, options: string): Promise<string[]> {
  const at = join(folder, name);
  await mkdir(at, { recursive: true });
  await make(`${moving('96x54', '24', frames)} ${options} -start_number 1001`, join(at, `scan.%d.${extension}`));
  return Array.from({ length: frames }, (_, k) => join(at, `scan.${1001 + k}.${extension}`));
}

async function decoded(reel: FolderReel, range = { in: 0, out: reel.frames }) {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  const found: { frame: number; bytes: Buffer }[] = [];
  for await (const { plate, loan } of plates(reel, range, { pool, ffmpeg, signal: never })) {
    found.push({ frame: plate.frame, bytes: Buffer.from(plate.bytes) });
    loan.release();
  }
  expect(pool.lent).toBe(0);
  return found;
}

/** One file as plain ffmpeg decodes it. */
async function single(path: string, pixelFormat: string): Promise<Buffer> {
  const args = ['-v', 'error', '-f', 'image2', '-pattern_type', 'none', '-i', `file:${path}`, '-pix_fmt', pixelFormat];
  const { stdout } = await promisify(execFile)(ffmpeg.ffmpeg, [...args, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 26,
  });
  return stdout;
}

describe('Each still is one plate, in order, with the samples of its own file', () => {
  const kinds: readonly [StillKind, extension: string, stored: string, options: string][] = [
    ['dpx', 'dpx', 'gbrp10le', '-pix_fmt gbrp10le'],
    ['tiff', 'tif', 'rgb48le', '-pix_fmt rgb48le'],
    ['png', 'png', 'rgb24', '-pix_fmt rgb24'],
    ['png', 'png', 'gray16be', '-pix_fmt gray16be'],
    ['jpeg', 'jpg', 'yuvj422p', '-pix_fmt yuvj422p -q:v 2'],
    ['exr', 'exr', 'gbrpf32le', '-pix_fmt gbrpf32le'],
  ];
  for (const [still, extension, stored, options] of kinds) {
    it(`${still} ${stored}`, async () => {
      const files = await sequence(`${still}-${stored}`, extension, 5, options);
      const reel = reelOf(files, still, stored);
      const found = await decoded(reel);
      expect(found.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4]);
      const raw = stored.startsWith('yuvj') ? stored : reel.format.name;
      for (const { frame, bytes } of found) {
        expect(bytes.equals(await single(files[frame] as string, raw))).toBe(true);
      }
      // The same through a list, as where a number is missing.
      const holed = reelOf([...files.slice(0, 2), null, ...files.slice(3)], still, stored, [2]);
      expect(folderInput(holed, { in: 0, out: 5 }).stdin).toBeDefined();
      const without = await decoded(holed);
      expect(without.map(({ frame }) => frame)).toEqual([0, 1, 3, 4]);
      for (const { frame, bytes } of without) expect(bytes.equals(found[frame]?.bytes as Buffer)).toBe(true);
    });
  }

  it('whatever their names', async () => {
    const files = await sequence('it\'s 100%d "odd" #[1]', 'png', 4, '-pix_fmt rgb24').catch(() => []);
    const plain = files.length > 0 ? files : await sequence('names', 'png', 4, '-pix_fmt rgb24');
    const odd = [`-a b's.%03d.png`, 'c [1]*{2}?.png', '#"q" \\ é.png', ' d%.png'].map((name) =>
      join(folder, 'names', name),
    );
    await mkdir(join(folder, 'names'), { recursive: true });
    for (const [k, file] of plain.entries()) await rename(file, odd[k] as string);
    const found = await decoded(reelOf(odd, 'png', 'rgb24'));
    for (const { frame, bytes } of found) expect(bytes.equals(await single(odd[frame] as string, 'gbrp'))).toBe(true);
    expect(found).toHaveLength(4);
  });

  it('by pattern in a folder with a percent sign', async () => {
    const files = await sequence('plain', 'png', 3, '-pix_fmt rgb24');
    const at = join(folder, "50% d'or %03d");
    await rename(join(folder, 'plain'), at);
    const moved = files.map((file) => file.replace(join(folder, 'plain'), at));
    const reel = reelOf(moved, 'png', 'rgb24');
    expect(folderInput(reel, { in: 0, out: 3 }).stdin).toBeUndefined();
    expect((await decoded(reel, { in: 1, out: 3 })).map(({ frame }) => frame)).toEqual([1, 2]);
  });
});

describe('A still that turns out to be damaged', () => {
  it('is missed, and the others keep their places', async () => {
    const files = await sequence('damaged', 'dpx', 6, '-pix_fmt gbrp10le');
    await truncate(files[3] as string, 9000);
    const reel = reelOf(files, 'dpx', 'gbrp10le');
    const error = await decoded(reel).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FrameShortfall);
    expect(error).toMatchObject({ expected: 6, got: 5, missing: [3] });
    expect((error as Error).message).toContain('missing: 1004.');
    const damage = await findDamage(reel, { in: 0, out: 6 }, ffmpeg);
    expect([...damage.keys()]).toEqual([3]);
    expect(damage.get(3)).toMatch(/^it cannot be decoded: dpx: Overread buffer/);
    const known = { ...reel, damaged: damage };
    expect((await decoded(known)).map(({ frame }) => frame)).toEqual([0, 1, 2, 4, 5]);
  });

  it('is held over in a movie, so that no frame slips', async () => {
    const files = Array.from({ length: 6 }, (_, k) => join(folder, 'damaged', `scan.${1001 + k}.dpx`));
    const reel = reelOf(files, 'dpx', 'gbrp10le', [3]);
    const out = join(folder, 'held.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const notes: string[] = [];
    const place = { ...placeIn(`${out}.work`), note: (sentence: string) => void notes.push(sentence) };
    await target.conform([await target.copyTake({ in: 0, out: 6 }, place)], FIRST);
    const md5 = await framemd5(out, 'gbrp10le');
    expect(md5).toHaveLength(6);
    expect(md5[3]).toBe(md5[2]);
    expect(new Set(md5).size).toBe(5);
    expect(notes).toEqual(['Frame 1004 cannot be decoded; frame 1003 stands in its place.']);
  });
});

describe('From a folder to a movie', () => {
  it('DPX of 10 bits becomes FFV1 without the loss of a bit', async () => {
    const files = await sequence('film', 'dpx', 6, '-pix_fmt gbrp10le');
    const reel = reelOf(files, 'dpx', 'gbrp10le');
    const out = join(folder, 'film.mkv');
    const target = await openMovieTarget(reel, { out }, ffmpeg);
    const segments = [
      await target.copyTake({ in: 0, out: 4 }, placeIn(`${out}.work`)),
      await target.copyTake({ in: 4, out: 6 }, placeIn(`${out}.work`)),
    ];
    await target.conform(segments, FIRST);
    const written = await openMovie(out, { transfer: 'auto' }, ffmpeg);
    expect(written).toMatchObject({ frames: 6, pixelFormat: 'gbrp10le', rate: { num: 24, den: 1 } });
    expect(await differingFrames(reel, { written, first: 0, range: { in: 0, out: 6 } }, ffmpeg)).toEqual([]);
    expect(target.notes).toEqual([]);
  });

  it('RGB becomes ProRes 4444, and the report says so', async () => {
    const files = Array.from({ length: 6 }, (_, k) => join(folder, 'film', `scan.${1001 + k}.dpx`));
    const out = join(folder, 'film.mov');
    const target = await openMovieTarget(reelOf(files, 'dpx', 'gbrp10le'), { out }, ffmpeg);
    await target.conform([await target.copyTake({ in: 0, out: 6 }, placeIn(`${out}.work`))], FIRST);
    expect(await openMovie(out, { transfer: 'auto' }, ffmpeg)).toMatchObject({
      frames: 6,
      codec: 'prores',
      colour: { matrix: 'bt709', range: 'tv' },
    });
    expect(target.notes).toContain("ProRes 4444 is written as yuv444p10le; the source's gbrp10le is converted.");
  });

  it('scene light is refused, as whole numbers would clip it', async () => {
    const files = Array.from({ length: 5 }, (_, k) => join(folder, 'exr-gbrpf32le', `scan.${1001 + k}.exr`));
    const reel = reelOf(files, 'exr', 'gbrpf32le');
    await expect(openMovieTarget(reel, { out: join(folder, 'x.mov') }, ffmpeg)).rejects.toThrow(
      /ProRes 4444 holds whole numbers only; the scene light of gbrpf32le would be clipped and rounded\. Name a folder with --out/,
    );
  });
});
