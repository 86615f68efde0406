import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { DamagedStill, UnsupportedStill } from '../../../src/media/still/damaged-still.ts';
import { packPiz } from '../../../src/media/still/exr/exr-piz.ts';
import { readStillInfo } from '../../../src/media/still/still.ts';
import { parseTiff } from '../../../src/media/still/tiff/tiff.ts';
import { writeTiff } from './tiff/tiff-writer.ts';

/** Values that a table of a TIFF may have. */
const MANY = 1 << 19;

/** Directories one after another, each with one field of `MANY` numbers, which all of them share. */
function tiffOfTables(tag: number, directories: number): Buffer {
  const bytes = 2 + 12 + 4;
  const table = 8 + directories * bytes;
  const file = Buffer.alloc(table + MANY * 4, 1);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  for (let k = 0; k < directories; k++) {
    const at = 8 + k * bytes;
    file.writeUInt16LE(1, at);
    file.writeUInt16LE(tag, at + 2);
    file.writeUInt16LE(4, at + 4);
    file.writeUInt32LE(MANY, at + 6);
    file.writeUInt32LE(table, at + 10);
    file.writeUInt32LE(k + 1 < directories ? at + bytes : 0, at + 14);
  }
  return file;
}

async function refusalOf(file: Buffer): Promise<Error> {
  return await parseTiff(bytesInMemory(file)).then(
    () => new Error('was read'),
    (cause: unknown) => cause as Error,
  );
}

test('A TIFF of half a million subdirectories is named as damaged', async () => {
  const refusal = await refusalOf(tiffOfTables(330, 1));
  expect(refusal).toBeInstanceOf(DamagedStill);
  expect(refusal.message).toBe('has more than 10000 directories');
});

test('A TIFF whose directories all name one long table is named as damaged before they fill the memory', async () => {
  const refusal = await refusalOf(tiffOfTables(273, 5000));
  expect(refusal).toBeInstanceOf(DamagedStill);
  expect(refusal.message).toBe('has more than 16777216 values in its directories');
});

test('A TIFF of more pixels than are worked on is refused by its size, however well it is packed', async () => {
  const page = {
    bits: 8,
    samples: 1,
    photometric: 1,
    planar: false,
    compression: 5,
    predictor: 1,
    fillOrder: 1,
  } as const;
  const small = { ...page, width: 16, height: 16, cut: { rows: 16 }, value: () => 0 };
  const file = writeTiff({ bigEndian: false, big: false, directoriesFirst: true, pages: [small] });
  for (let at = 10; ; at += 12) {
    const tag = file.readUInt16LE(at);
    if (tag === 256 || tag === 257) file.writeUInt32LE(60_000, at + 8);
    if (tag === 257) break;
  }
  const refusal = await refusalOf(file);
  expect(refusal).toBeInstanceOf(UnsupportedStill);
  expect(refusal.message).toBe('has 60000×60000 pixels, and 268435456 at most are worked on; save it smaller');
});

test('A still of 2 GiB is refused when its reel is opened, not when its frame is rendered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reelmend-greedy-'));
  try {
    const path = join(folder, 'scan.tif');
    writeFileSync(path, 'II*\0');
    truncateSync(path, 2 ** 31);
    await expect(readStillInfo(path, 'tiff')).rejects.toThrow(
      'has 2147483648 bytes, and stills of less than 2 GiB are read; save it packed, or smaller',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('A chunk whose codes OpenEXR could not count is stored without PIZ', () => {
  const raw = Buffer.alloc(2 ** 27 + 2);
  expect(packPiz(raw, { bytes: raw.length, channels: [] })).toBeNull();
});
