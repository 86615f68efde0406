import { createHash } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { concatMap, lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FolderReel } from '../../../src/film/reel.ts';
import { pictureBytes } from '../../../src/film/sample-format.ts';
import { decodePlates } from '../../../src/media/read/decode.ts';
import { decodeCopies, type PlateDecoder } from '../../../src/media/read/decode-copies.ts';
import { openFolder } from '../../../src/media/read/folder/frame-folder.ts';
import { framePool } from '../../../src/stream/frame-pool.ts';
import { ffmpeg, make, moving, temporaryFolder } from '../lavfi.ts';

const folder = await temporaryFolder();
const FRAMES = 12;

let reel: FolderReel;
let other: FolderReel;
beforeAll(async () => {
  for (const name of ['scan', 'other', 'copies']) await mkdir(join(folder, name));
  await make(`${moving('64x48', '24', FRAMES)} -pix_fmt rgb24`, join(folder, 'scan', 'scan.%04d.png'));
  await make(`${moving('64x48', '24', FRAMES)} -vf negate -pix_fmt rgb24`, join(folder, 'other', 'scan.%04d.png'));
  [reel, other] = await Promise.all([opened('scan'), opened('other')]);
});

const opened = (name: string) => openFolder(join(folder, name), { transfer: 'auto' }, ffmpeg);

/** Hashes of plates by their frames. */
async function platesOf(of: FolderReel, decode: PlateDecoder = decodePlates): Promise<[number, string][]> {
  const pool = framePool(3, pictureBytes(of.format, of.width, of.height));
  const all = await lastValueFrom(
    decode(of, { in: 1, out: FRAMES }, { pool, ffmpeg }).pipe(
      concatMap(async ({ plate, loan }): Promise<[number, string]> => {
        const hash = createHash('md5').update(plate.bytes).digest('hex');
        loan.release();
        return [plate.frame, hash];
      }),
      toArray(),
    ),
  );
  expect(pool.lent).toBe(0);
  return all;
}

const fileOf = (frame: number) => reel.files[frame] as string;

describe('Plates of a folder of which some files have copies', () => {
  it('are read from the copies, in order, and all others from the reel', async () => {
    const copied = [3, 4, 5, 8];
    const read: number[] = [];
    // Copies of another reel show which file was opened.
    const copies = new Map(copied.map((frame) => [fileOf(frame), other.files[frame] as string]));
    const got = await platesOf(
      reel,
      decodeCopies(copies, (_, frame) => read.push(frame)),
    );
    const [own, others] = [new Map(await platesOf(reel)), new Map(await platesOf(other))];
    expect(got).toEqual([...own].map(([frame, hash]) => [frame, copied.includes(frame) ? others.get(frame) : hash]));
    expect(read).toEqual(copied);
  });

  it('are those of the reel where copies cannot be read after all', async () => {
    const broken = join(folder, 'copies', basename(fileOf(6)));
    await copyFile(fileOf(5), join(folder, 'copies', basename(fileOf(5))));
    await writeFile(broken, 'no picture');
    const copies = new Map([5, 6, 7].map((frame) => [fileOf(frame), join(folder, 'copies', basename(fileOf(frame)))]));
    expect(
      await platesOf(
        reel,
        decodeCopies(copies, () => {}),
      ),
    ).toEqual(await platesOf(reel));
  });

  it('leave out frames that are damaged, whichever file is read', async () => {
    const damaged = { ...reel, damaged: new Map([[4, 'scan.0005.png has no end']]) };
    const copies = new Map([3, 5].map((frame) => [fileOf(frame), fileOf(frame)]));
    const read: number[] = [];
    const got = await platesOf(
      damaged,
      decodeCopies(copies, (_, frame) => read.push(frame)),
    );
    expect(got).toEqual(await platesOf(damaged));
    expect(got.map(([frame]) => frame)).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    expect(read).toEqual([3, 5]);
  });
});
