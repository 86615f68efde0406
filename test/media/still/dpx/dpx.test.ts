import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Plane, planesOf } from '../../../../src/film/plate.ts';
import { type Component, sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseDpx } from '../../../../src/media/still/dpx/dpx.ts';
import { spliceDpx } from '../../../../src/media/still/dpx/splice-dpx.ts';
import { unpackDpx } from '../../../../src/media/still/dpx/unpack-dpx.ts';
import { decodeStill, differingSamples, drawStill, probeStill, repaint } from '../footage.ts';

interface Drawn {
  readonly bigEndian: boolean;
  readonly descriptor: number;
  readonly bits: number;
  readonly packing: 0 | 1 | 2;
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
}

/** A DPX file as a scanner writes it: headers full of values, a gap before the picture, noise for a picture. */
function handBuilt(drawn: Drawn): Buffer {
  const offset = 8192;
  const file = Buffer.alloc(offset + drawn.rowBytes * drawn.height);
  let seed = 7;
  for (let i = 0; i < file.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    file[i] = seed >>> 24;
  }
  // ffmpeg takes the gap of method B for a part of the samples unless it is empty, as the standard asks.
  if (drawn.bits === 10 && drawn.packing === 2) {
    for (let at = offset; at < file.length; at += 4) file[drawn.bigEndian ? at : at + 3] = (seed + at) & 0x3f;
  }
  const u16 = (value: number, at: number) =>
    drawn.bigEndian ? file.writeUInt16BE(value, at) : file.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    drawn.bigEndian ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at);
  file.write(drawn.bigEndian ? 'SDPX' : 'XPDS', 0, 'latin1');
  u32(offset, 4);
  file.write('V2.0\0', 8, 'latin1');
  u32(file.length, 16);
  u32(0xffffffff, 660);
  u16(1, 770);
  u32(drawn.width, 772);
  u32(drawn.height, 776);
  file[800] = drawn.descriptor;
  file[801] = 3;
  file[802] = 1;
  file[803] = drawn.bits;
  u16(drawn.packing, 804);
  u16(0, 806);
  if (drawn.bigEndian) file.writeFloatBE(23.976, 1724);
  else file.writeFloatLE(23.976, 1724);
  file.write('Scanner', 1556, 'latin1');
  return file;
}

const scans: [string, Drawn][] = [];
for (const bigEndian of [true, false]) {
  const order = bigEndian ? 'big-endian' : 'little-endian';
  const size = { width: 35, height: 9, bigEndian };
  scans.push(
    [`8-bit RGB, rows padded, ${order}`, { ...size, descriptor: 50, bits: 8, packing: 0, rowBytes: 108 }],
    [`10-bit RGB, method A, ${order}`, { ...size, descriptor: 50, bits: 10, packing: 1, rowBytes: 140 }],
    [`10-bit RGB, method B, ${order}`, { ...size, descriptor: 50, bits: 10, packing: 2, rowBytes: 140 }],
    [`10-bit luma, method A, ${order}`, { ...size, descriptor: 6, bits: 10, packing: 1, rowBytes: 48 }],
    [`12-bit RGB, method A, ${order}`, { ...size, descriptor: 50, bits: 12, packing: 1, rowBytes: 212 }],
    [`12-bit RGB, packed, ${order}`, { ...size, descriptor: 50, bits: 12, packing: 0, rowBytes: 160 }],
    [`16-bit RGB, ${order}`, { ...size, descriptor: 50, bits: 16, packing: 0, rowBytes: 212 }],
  );
}
const big = { width: 35, height: 9, bigEndian: true };
const little = { width: 35, height: 9, bigEndian: false };
scans.push(
  ['8-bit RGB, rows tight', { ...big, descriptor: 50, bits: 8, packing: 0, rowBytes: 105 }],
  ['8-bit ABGR', { ...little, descriptor: 52, bits: 8, packing: 0, rowBytes: 140 }],
  ['8-bit CbYCrY', { ...big, width: 36, descriptor: 100, bits: 8, packing: 0, rowBytes: 72 }],
  ['8-bit CbYCr', { ...big, width: 36, descriptor: 102, bits: 8, packing: 0, rowBytes: 108 }],
  ['10-bit RGBA, method A', { ...little, descriptor: 51, bits: 10, packing: 1, rowBytes: 188 }],
  ['10-bit luma, method B', { ...little, descriptor: 6, bits: 10, packing: 2, rowBytes: 48 }],
  ['12-bit RGB, method B', { ...little, descriptor: 50, bits: 12, packing: 2, rowBytes: 212 }],
  ['12-bit luma, packed', { ...big, descriptor: 6, bits: 12, packing: 0, rowBytes: 56 }],
  ['16-bit RGBA', { ...little, descriptor: 51, bits: 16, packing: 0, rowBytes: 280 }],
  ['16-bit luma', { ...big, descriptor: 6, bits: 16, packing: 0, rowBytes: 72 }],
);

/** Files and the samples in them, row by row in file order, as OpenImageIO writes and reads them: see `openimageio.py`. */
const fixtures = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../fixtures/dpx/openimageio.json'), 'utf8'),
) as {
  readonly cases: Readonly<Record<string, { file: string; bits: number; orientation: number; samples: string }>>;
};
const unzipped = (text: string) => inflateSync(Buffer.from(text, 'base64'));

describe('a DPX file', () => {
  test.each(Object.entries(fixtures.cases))('%s is read as OpenImageIO reads it', async (_, fixture) => {
    const file = unzipped(fixture.file);
    const bytes = unzipped(fixture.samples);
    const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const header = await parseDpx(bytesInMemory(file));
    expect(header.orientation).toBe(fixture.orientation);
    const { width, height, layout } = header;
    const format = sampleFormat(header.pixelFormat);
    const planes = planesOf(format, unpackDpx(file, header), width, height);
    const perRow = (width / layout.pixels) * layout.components.length;
    expect(samples.length).toBe(perRow * height);
    const taken = new Map(layout.components.map((component) => [component, 0]));
    samples.forEach((sample, i) => {
      const component = layout.components[i % layout.components.length] as Component;
      const plane = planes[format.planes.findIndex((one) => one.component === component)] as Plane;
      const at = taken.get(component) as number;
      taken.set(component, at + 1);
      expect(plane.samples[at]).toBe(sample);
    });
  });
});

describe('a DPX scan', () => {
  test.each(scans)('%s is spliced exactly where ffmpeg reads it', async (_, drawn) => {
    const file = handBuilt(drawn);
    const header = await parseDpx(bytesInMemory(file));
    const { width, height } = drawn;
    expect(header).toMatchObject({ width, height, transfer: 'log', rate: { num: 24000, den: 1001 } });
    expect(header.pixelFormat).toBe(probeStill('dpx', file));

    const plate = decodeStill('dpx', file, header.pixelFormat as string, { width, height });
    expect(spliceDpx(file, header, plate, { in: 0, out: height }).equals(file)).toBe(true);

    const painted = repaint(plate, 3, 6);
    const spliced = spliceDpx(file, header, painted, { in: 3, out: 6 });
    const read = decodeStill('dpx', spliced, header.pixelFormat as string, { width, height });
    expect(Buffer.from(read.bytes).equals(painted.bytes)).toBe(true);
    expect(differingSamples(plate, read, (row) => row >= 3 && row < 6)).toBeGreaterThan(width);
    expect(spliced.subarray(0, 8192).equals(file.subarray(0, 8192))).toBe(true);
    expect(spliceDpx(spliced, header, plate, { in: 3, out: 6 }).equals(file)).toBe(true);
  });

  test.each([
    'gray',
    'rgb24',
    'rgba',
    'gbrp10le',
    'gbrp10be',
    'gbrp12le',
    'gbrp12be',
    'rgb48le',
    'rgb48be',
    'rgba64be',
  ])('of %s as ffmpeg writes it is spliced exactly', async (pixelFormat) => {
    const file = drawStill('dpx', pixelFormat, '50x22');
    const header = await parseDpx(bytesInMemory(file));
    expect(header.pixelFormat).toBe(probeStill('dpx', file));
    expect(header.transfer).toBeNull();
    const plate = decodeStill('dpx', file, pixelFormat, { width: 50, height: 22 });
    expect(spliceDpx(file, header, plate, { in: 0, out: 22 }).equals(file)).toBe(true);
    const painted = repaint(plate, 0, 22);
    const spliced = spliceDpx(file, header, painted, { in: 0, out: 22 });
    expect(
      Buffer.from(decodeStill('dpx', spliced, pixelFormat, { width: 50, height: 22 }).bytes).equals(painted.bytes),
    ).toBe(true);
  });

  test('that was cut off anywhere is noticed', async () => {
    const file = drawStill('dpx', 'rgb24', '50x22');
    await parseDpx(bytesInMemory(file));
    // Of the two bytes that fill up the last row nothing is missed.
    for (let size = 0; size < file.length - 2; size += 1 + (size % 13)) {
      await expect(parseDpx(bytesInMemory(file.subarray(0, size)))).rejects.toThrow(/cut off/);
    }
    const unsaid = Buffer.from(file);
    unsaid.writeUInt32LE(0xffffffff, 16);
    await expect(parseDpx(bytesInMemory(unsaid.subarray(0, -3)))).rejects.toThrow(/cut off/);
  });

  test('that is run-length encoded, or no DPX at all, says so', async () => {
    const file = drawStill('dpx', 'rgb24', '50x22');
    const encoded = Buffer.from(file);
    encoded.writeUInt16LE(1, 806);
    encoded.writeUInt16BE(1, 806);
    await expect(parseDpx(bytesInMemory(encoded))).rejects.toThrow(/run-length/);
    await expect(parseDpx(bytesInMemory(Buffer.alloc(9000, 'x')))).rejects.toThrow(/not a DPX file/);
  });
});
