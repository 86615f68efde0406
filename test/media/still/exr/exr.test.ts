import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromHalf, toHalf } from '../../../../src/film/half-float.ts';
import type { Plate } from '../../../../src/film/plate.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { spliceExr } from '../../../../src/media/still/exr/splice-exr.ts';
import { unpackExr } from '../../../../src/media/still/exr/unpack-exr.ts';
import { decodeStill, drawStill, probeStill, repaint } from '../footage.ts';

/** A plate whose values a half float can hold. */
function inHalves(bytes: Uint8Array): void {
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  floats.forEach((value, i) => {
    floats[i] = fromHalf(toHalf(value));
  });
}

/** As ffmpeg decodes it; not DWA, which it decodes to more bits than its channels have, and without its last rows. */
async function decodedRightly(file: Buffer): Promise<Plate> {
  const header = await parseExr(bytesInMemory(file));
  const { width, height, pixelFormat } = header;
  if (header.picture.part.compression < 8) return decodeStill('exr', file, pixelFormat, header);
  return { frame: 0, format: sampleFormat(pixelFormat), width, height, bytes: await unpackExr(file, header) };
}

async function expectExactSplice(file: Buffer, half: boolean): Promise<Buffer> {
  const header = await parseExr(bytesInMemory(file));
  expect(header.obstacle).toBeNull();
  expect(header.transfer).toBe('linear');
  expect(header.pixelFormat).toBe(probeStill('exr', file));
  const { width, height } = header;
  const plate = await decodedRightly(file);
  const untouched = await spliceExr(file, header, plate, { in: 0, out: height });
  const reread = await decodedRightly(untouched);
  expect(Buffer.from(reread.bytes).equals(plate.bytes)).toBe(true);

  const painted = repaint(plate, 5, 8);
  if (half) inHalves(painted.bytes);
  const spliced = await spliceExr(file, header, painted, { in: 5, out: 8 });
  const read = decodeStill('exr', spliced, header.pixelFormat as string, { width, height });
  expect(Buffer.from(read.bytes).equals(painted.bytes)).toBe(true);
  expect(Buffer.from(read.bytes).equals(plate.bytes)).toBe(false);
  return spliced;
}

describe('an EXR still', () => {
  const kinds = [
    ['gbrpf32le', 'half', 'none'],
    ['gbrpf32le', 'float', 'none'],
    ['gbrpf32le', 'half', 'rle'],
    ['gbrpf32le', 'half', 'zip1'],
    ['gbrpf32le', 'half', 'zip16'],
    ['gbrpf32le', 'float', 'zip16'],
    ['gbrapf32le', 'half', 'zip16'],
    ['grayf32le', 'half', 'zip16'],
  ] as const;
  test.each(kinds)('of %s in %s packed with %s is spliced exactly', async (format, depth, compression) => {
    const file = drawStill('exr', format, '50x38', ['-format', depth, '-compression', compression]);
    const spliced = await expectExactSplice(file, depth === 'half');
    const header = await parseExr(bytesInMemory(file));
    const head = header.tables[0]?.at as number;
    expect(spliced.subarray(0, head).equals(file.subarray(0, head))).toBe(true);
    if (compression === 'none') expect(spliced.length).toBe(file.length);
  });

  test('uncompressed and unchanged is the same file', async () => {
    const file = drawStill('exr', 'gbrpf32le', '50x38', ['-format', 'half', '-compression', 'none']);
    const header = await parseExr(bytesInMemory(file));
    const plate = decodeStill('exr', file, 'gbrpf32le', { width: 50, height: 38 });
    expect((await spliceExr(file, header, plate, { in: 0, out: 38 })).equals(file)).toBe(true);
  });

  // Written by OpenEXR 3.5: 40 × 36 pixels of noise over a ramp, half float.
  const fixtures = join(import.meta.dirname, '../../../fixtures/exr');
  test.each(readdirSync(fixtures))('%s, which OpenEXR wrote, comes back with the same samples', async (name) => {
    const file = readFileSync(join(fixtures, name));
    const header = await parseExr(bytesInMemory(file));
    const spliced = await expectExactSplice(file, true);
    const after = await parseExr(bytesInMemory(spliced));
    if (header.note) {
      expect(header.note).toMatch(/ZIP compression/);
      expect(after.picture.part.compression).toBe(3);
    } else {
      expect(after.picture.part.compression).toBe(header.picture.part.compression);
    }
    expect(spliced.includes('reel 3, scene 12')).toBe(true);
  });

  test('that was cut off anywhere is noticed', async () => {
    for (const compression of ['none', 'zip16']) {
      const file = drawStill('exr', 'gbrpf32le', '50x38', ['-format', 'half', '-compression', compression]);
      await parseExr(bytesInMemory(file));
      for (let size = 0; size < file.length; size += 1 + (size % 37)) {
        await expect(parseExr(bytesInMemory(file.subarray(0, size)))).rejects.toThrow(/cut off/);
      }
      await expect(parseExr(bytesInMemory(file.subarray(0, -1)))).rejects.toThrow(/cut off/);
    }
  });

  test('is no other file', async () => {
    await expect(parseExr(bytesInMemory(Buffer.alloc(100, 1)))).rejects.toThrow(/not an EXR/);
  });
});

describe('a half float', () => {
  test('keeps every one of its 65,536 values through a float', () => {
    for (let half = 0; half < 65_536; half++) {
      const value = fromHalf(half);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
    }
  });

  test('is the nearest, ties to even', () => {
    expect(toHalf(1 + 1 / 2048)).toBe(toHalf(1));
    expect(toHalf(1 + 3 / 2048)).toBe(toHalf(1 + 2 / 1024));
    expect(toHalf(1 + 1.1 / 2048)).toBe(toHalf(1 + 1 / 1024));
    expect(toHalf(65_519)).toBe(toHalf(65_504));
    expect(toHalf(65_520)).toBe(0x7c00);
    expect(toHalf(-1e9)).toBe(0xfc00);
    expect(toHalf(2 ** -25)).toBe(0);
    expect(toHalf(1.5 * 2 ** -24)).toBe(2);
    expect(Number.isNaN(fromHalf(toHalf(NaN)))).toBe(true);
  });
});
