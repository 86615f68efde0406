import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plate } from '../../../../src/film/plate.ts';
import { pictureBytes } from '../../../../src/film/sample-format.ts';
import { type Ffmpeg, findFfmpeg } from '../../../../src/media/ffmpeg/ffmpeg.ts';
import { plates, storedPlate } from '../../../../src/media/read/decode.ts';
import { openFolder } from '../../../../src/media/read/folder/frame-folder.ts';
import { spliceStill } from '../../../../src/media/still/still.ts';
import { framePool } from '../../../../src/stream/frame-pool.ts';
import { type DrawnDpx, drawDpx } from '../../still/dpx/dpx-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'reelmend-lying-dpx-'));
let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await findFfmpeg({});
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const WIDTH = 64;
const HEIGHT = 40;
const [right, bottom] = [WIDTH - 1, HEIGHT - 1];

/** Where a stored pixel is seen, by SMPTE ST 268-1 table 2: how its lines run, and how they follow each other. */
const SEEN_AT: readonly NonNullable<DrawnDpx['seenAt']>[] = [
  (column, row) => [column, row],
  (column, row) => [right - column, row],
  (column, row) => [column, bottom - row],
  (column, row) => [right - column, bottom - row],
  (column, row) => [row, column],
  (column, row) => [right - row, column],
  (column, row) => [row, bottom - column],
  (column, row) => [right - row, bottom - column],
];
/** What OpenImageIO 3.2.2 says of files with these numbers. */
const AS_EXIF = [1, 2, 4, 3, 5, 6, 8, 7];

const scan: DrawnDpx = {
  ...{ bigEndian: true, descriptor: 50, bits: 10, packing: 1, width: WIDTH, height: HEIGHT },
  ...{ offset: 8192, rows: 'filled', seed: 0.3 },
};

describe('DPX scans of every orientation', () => {
  test.each([
    ['read by ffmpeg', 1],
    ['read by this program', 2],
  ])('%s are seen upright and written back as they lie', async (_, packing) => {
    const folder = mkdtempSync(join(root, 'scan-'));
    SEEN_AT.forEach((seenAt, orientation) => {
      const size = orientation < 4 ? {} : { width: HEIGHT, height: WIDTH };
      const { file } = drawDpx({ ...scan, ...size, packing, orientation, seenAt });
      writeFileSync(join(folder, `a${orientation}.dpx`), file);
    });
    const seen = drawDpx({ ...scan, packing }).planes;
    const reel = await openFolder(folder, { transfer: 'auto' }, ffmpeg);
    expect(reel).toMatchObject({ width: WIDTH, height: HEIGHT, frames: 8 });
    expect(reel.unpacked).toBe(packing === 2 ? true : undefined);
    expect(reel.stored?.map(({ orientation }) => orientation)).toEqual(AS_EXIF);

    const pool = framePool(1, pictureBytes(reel.format, WIDTH, HEIGHT));
    const signal = new AbortController().signal;
    let came = 0;
    for await (const { plate, loan } of plates(reel, { in: 0, out: 8 }, { pool, ffmpeg, signal })) {
      expect(Buffer.compare(plate.bytes, seen)).toBe(0);
      const file = readFileSync(reel.files[plate.frame] as string);
      const changed: Plate = { ...plate, bytes: plate.bytes.slice() };
      const stored = storedPlate(reel, changed);
      const rows = { in: 3, out: 30, orientation: AS_EXIF[plate.frame] as 1 };
      expect((await spliceStill('dpx', file, stored, rows)).equals(file)).toBe(true);
      loan.release();
      came += 1;
    }
    expect(came).toBe(8);
  });
});
