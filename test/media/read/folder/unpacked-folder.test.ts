import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FolderReel } from '../../../../src/film/reel.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { type Ffmpeg, findFfmpeg } from '../../../../src/media/ffmpeg/ffmpeg.ts';
import { plates } from '../../../../src/media/read/decode.ts';
import { findDamage } from '../../../../src/media/read/find-damage.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { FrameShortfall } from '../../../../src/media/read/frame-shortfall.ts';
import { decodeProxy } from '../../../../src/media/read/proxy.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { type DrawnDpx, drawDpx } from '../../still/dpx/dpx-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'reelmend-unpacked-'));
const auto = { transfer: 'auto' } as const;
let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await findFfmpeg({});
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const video: DrawnDpx = {
  ...{ bigEndian: true, descriptor: 100, bits: 10, packing: 1, width: 64, height: 40 },
  ...{ offset: 8192, rows: 'filled', transfer: 6, filmRate: 25, seed: 0.3 },
};

/** A folder of stills that ffmpeg cannot read, and their pictures. */
function folderOf(name: string, drawn: readonly DrawnDpx[]) {
  const folder = mkdtempSync(join(root, `${name}-`));
  const pictures = drawn.map((one, k) => {
    const { file, planes } = drawDpx(one);
    writeFileSync(join(folder, `a${k + 1}.dpx`), file);
    return planes;
  });
  return { folder, pictures };
}

async function decoded(reel: FolderReel, into: Map<number, Uint8Array>): Promise<void> {
  const pool = framePool(1, pictureBytes(reel.format, reel.width, reel.height));
  const all = { in: 0, out: reel.frames };
  for await (const { plate, loan } of plates(reel, all, { pool, ffmpeg, signal: new AbortController().signal })) {
    into.set(plate.frame, plate.bytes.slice());
    loan.release();
  }
}

describe('a folder of DPX files that ffmpeg does not read', () => {
  test('is read to the sample, with the tags of its headers', async () => {
    const { folder, pictures } = folderOf('plain', [video, { ...video, seed: 0.4 }, { ...video, seed: 0.5 }]);
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel).toMatchObject({ pixelFormat: 'yuv422p10le', unpacked: true, rate: { num: 25, den: 1 }, frames: 3 });
    expect(reel.colour).toEqual({ transfer: 'bt709' });
    const came = new Map<number, Uint8Array>();
    await decoded(reel, came);
    for (const [k, picture] of pictures.entries()) expect(Buffer.compare(came.get(k) as Uint8Array, picture)).toBe(0);
  });

  test('has proxies as any other reel', async () => {
    const { folder } = folderOf('proxies', [video, video]);
    const reel = await openFolder(folder, auto, ffmpeg);
    const size = { width: 32, height: 20 };
    const pool = framePool(2, 32 * 20 * 3);
    const frames = await firstValueFrom(decodeProxy(reel, { in: 0, out: 2 }, size, { pool, ffmpeg }).pipe(toArray()));
    expect(frames.map(({ frame }) => frame)).toEqual([0, 1]);
    const [first] = frames;
    const levels = new Set(first?.loan.bytes);
    expect(levels.size).toBeGreaterThan(50);
  });

  test('passes on without a file that was cut off after it was opened, and says which', async () => {
    const { folder, pictures } = folderOf('cut', [video, video, video]);
    const reel = await openFolder(folder, auto, ffmpeg);
    writeFileSync(join(folder, 'a2.dpx'), drawDpx(video).file.subarray(0, 9000));
    const came = new Map<number, Uint8Array>();
    await expect(decoded(reel, came)).rejects.toThrow(FrameShortfall);
    expect([...came.keys()]).toEqual([0, 2]);
    expect(Buffer.compare(came.get(2) as Uint8Array, pictures[2] as Uint8Array)).toBe(0);
    const damage = await findDamage(reel, { in: 0, out: 3 }, ffmpeg);
    expect([...damage]).toEqual([
      [1, 'it cannot be decoded: is cut off: 6880 bytes of picture are needed from byte 8192, 808 are there'],
    ]);
  });

  test('of which only some are so is read whole', async () => {
    const rgb: DrawnDpx = { ...video, descriptor: 50 };
    const { folder, pictures } = folderOf('some', [rgb, { ...rgb, packing: 2 }, { ...rgb, trailing: 5, fileSize: 0 }]);
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel).toMatchObject({ pixelFormat: 'gbrp10le', unpacked: true });
    const came = new Map<number, Uint8Array>();
    await decoded(reel, came);
    for (const [k, picture] of pictures.entries()) expect(Buffer.compare(came.get(k) as Uint8Array, picture)).toBe(0);
  });
});

describe('the rate of a folder', () => {
  const rated = (film: number, television?: number) => ({
    ...video,
    filmRate: film,
    ...(television === undefined ? {} : { televisionRate: television }),
  });
  test.each([
    [rated(24, 24), 24, []],
    [
      rated(24, 48),
      24,
      [/states 24 frames a second in its film header and 48 in its television header, of which the film's is taken/],
    ],
    [rated(24, 1), 24, [/and 1 in its television header, of which 24 is taken. --rate says otherwise.$/]],
    [rated(0, 25), 25, []],
    [rated(24, 17), 24, [/and 17 in its television header, of which 24 is taken/]],
    [rated(17, 25), 25, [/of which 25 is taken/]],
    [
      rated(Number.POSITIVE_INFINITY, 1),
      24,
      [/states infinitely many frames a second .* and 1 .*, at which no film is shown; 24 are taken/],
    ],
    [rated(Number.POSITIVE_INFINITY, 30), 30, [/of which 30 is taken/]],
    [rated(-24), 24, [/states -24 frames a second in its film header, at which no film is shown; 24 are taken/]],
    [rated(Number.NaN), 24, []],
  ])('%j is taken at %d frames a second', async (drawn, rate, notes) => {
    const { folder } = folderOf('rate', [drawn]);
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel.rate.num / reel.rate.den).toBe(rate);
    expect(reel.notes ?? []).toHaveLength(notes.length);
    for (const [k, note] of notes.entries()) expect(reel.notes?.[k]).toMatch(note);
  });

  test('is asked for where a header states two that films are shown at', async () => {
    const { folder } = folderOf('two', [rated(24, 25)]);
    await expect(openFolder(folder, auto, ffmpeg)).rejects.toThrow(
      /states two rates: a1.dpx states 24 frames a second in its film header and 25 in its television header. Say by --rate at which the reel is shown.$/,
    );
    const asked = await openFolder(folder, { ...auto, rate: { num: 25, den: 1 } }, ffmpeg);
    expect(asked.rate).toEqual({ num: 25, den: 1 });
    expect(asked.notes).toBeUndefined();
  });

  test('is that of most files, which the notes say', async () => {
    const { folder } = folderOf('most', [rated(18), rated(24), rated(24)]);
    const reel = await openFolder(folder, auto, ffmpeg);
    expect(reel.rate).toEqual({ num: 24, den: 1 });
    expect(reel.notes).toEqual([
      '2 of 3 stills state 24 frames a second, which are taken; a1.dpx states 18. --rate says otherwise.',
    ]);
  });
});

describe('a DPX that says its light is linear', () => {
  test.each([
    ['auto', 2, 'rec709', undefined],
    ['linear', 2, 'linear', 'linear'],
    ['linear', 6, 'linear', 'linear'],
    ['auto', 6, 'rec709', 'bt709'],
    ['log', 6, 'log', undefined],
  ] as const)('by --transfer %s and code %d is shown as %s and tagged %s', async (asked, code, transfer, tag) => {
    for (const descriptor of [50, 100]) {
      const { folder } = folderOf('light', [{ ...video, descriptor, transfer: code }]);
      const reel = await openFolder(folder, { transfer: asked }, ffmpeg);
      expect(reel.transfer).toBe(transfer);
      expect(reel.colour.transfer).toBe(tag);
    }
  });
});
