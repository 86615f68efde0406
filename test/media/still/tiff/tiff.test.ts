import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { packLzw, unpackLzw } from '../../../../src/media/still/tiff/lzw.ts';
import { packBits, unpackBits } from '../../../../src/media/still/tiff/pack-bits.ts';
import { spliceTiff } from '../../../../src/media/still/tiff/splice-tiff.ts';
import { parseTiff } from '../../../../src/media/still/tiff/tiff.ts';
import { decodeStill, drawStill, probeStill, repaint } from '../footage.ts';

interface Drawn {
  readonly bigEndian: boolean;
  readonly bits: number;
  readonly samples: number;
  readonly planar?: boolean;
  readonly photometric?: number;
  readonly rowsPerStrip: number;
  /** The directory after the picture instead of before it. */
  readonly directoryLast?: boolean;
}

const WIDTH = 31;
const HEIGHT = 17;

/** An uncompressed TIFF of noise, with fields that nobody but its writer knows, and its strips in reverse order. */
function handBuilt(drawn: Drawn): Buffer {
  const { bigEndian, bits, samples, rowsPerStrip } = drawn;
  const channels = drawn.planar ? samples : 1;
  const rowBytes = WIDTH * (drawn.planar ? 1 : samples) * (bits / 8);
  const perPlane = Math.ceil(HEIGHT / rowsPerStrip);
  const strips = Array.from({ length: perPlane * channels }, (_, k) => ({
    bytes: rowBytes * Math.min(rowsPerStrip, HEIGHT - (k % perPlane) * rowsPerStrip),
    offset: 0,
  }));
  const fields: [tag: number, type: number, values: number[]][] = [
    [256, 3, [WIDTH]],
    [257, 3, [HEIGHT]],
    [258, 3, Array(samples).fill(bits)],
    [259, 3, [1]],
    [262, 3, [drawn.photometric ?? (samples >= 3 ? 2 : 1)]],
    [273, 4, strips.map(() => 0)],
    [274, 3, [1]],
    [277, 3, [samples]],
    [278, 3, [rowsPerStrip]],
    [279, 4, strips.map((strip) => strip.bytes)],
    [284, 3, [drawn.planar ? 2 : 1]],
    ...(samples % 2 === 0 ? ([[338, 3, [2]]] as [number, number, number[]][]) : []),
    [65000, 4, [11, 22, 33]],
  ];
  const directoryBytes = 2 + fields.length * 12 + 4;
  const values = fields.map(([, type, list]) =>
    list.length * (type === 3 ? 2 : 4) > 4 ? list.length * (type === 3 ? 2 : 4) : 0,
  );
  const overflow = values.reduce((sum, n) => sum + n + (n % 2), 0);
  const pictureBytes = strips.reduce((sum, strip) => sum + strip.bytes, 0);
  const directoryAt = drawn.directoryLast ? 8 + pictureBytes + (pictureBytes % 2) : 8;
  let at = drawn.directoryLast ? 8 : 8 + directoryBytes + overflow;
  for (const strip of [...strips].reverse()) {
    strip.offset = at;
    at += strip.bytes;
  }
  const file = Buffer.alloc(8 + directoryBytes + overflow + pictureBytes + 1);
  let seed = 3;
  for (let i = 0; i < file.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    file[i] = seed >>> 24;
  }
  const u16 = (value: number, to: number) =>
    bigEndian ? file.writeUInt16BE(value, to) : file.writeUInt16LE(value, to);
  const u32 = (value: number, to: number) =>
    bigEndian ? file.writeUInt32BE(value, to) : file.writeUInt32LE(value, to);
  file.write(bigEndian ? 'MM' : 'II', 0, 'latin1');
  u16(42, 2);
  u32(directoryAt, 4);
  u16(fields.length, directoryAt);
  let free = directoryAt + directoryBytes;
  fields.forEach(([tag, type, given], k) => {
    const list = tag === 273 ? strips.map((strip) => strip.offset) : given;
    const entry = directoryAt + 2 + k * 12;
    const size = type === 3 ? 2 : 4;
    u16(tag, entry);
    u16(type, entry + 2);
    u32(list.length, entry + 4);
    u32(0, entry + 8);
    const inline = list.length * size <= 4;
    if (!inline) u32(free, entry + 8);
    for (const [i, value] of list.entries()) (size === 2 ? u16 : u32)(value, (inline ? entry + 8 : free) + i * size);
    if (!inline) free += list.length * size + ((list.length * size) % 2);
  });
  u32(0, directoryAt + 2 + fields.length * 12);
  return file;
}

async function expectExactSplice(file: Buffer, identical: boolean): Promise<Buffer> {
  const header = await parseTiff(bytesInMemory(file));
  expect(header.obstacle).toBeNull();
  expect(header.pixelFormat).toBe(probeStill('tiff', file));
  const { width, height } = header;
  const format = header.pixelFormat as string;
  const plate = decodeStill('tiff', file, format, { width, height });
  const untouched = await spliceTiff(file, header, plate, { in: 0, out: height });
  expect(
    untouched.equals(file) ||
      (!identical && Buffer.from(decodeStill('tiff', untouched, format, { width, height }).bytes).equals(plate.bytes)),
  ).toBe(true);

  const painted = repaint(plate, 5, 8);
  const spliced = await spliceTiff(file, header, painted, { in: 5, out: 8 });
  const read = decodeStill('tiff', spliced, format, { width, height });
  expect(Buffer.from(read.bytes).equals(painted.bytes)).toBe(true);
  expect(Buffer.from(read.bytes).equals(plate.bytes)).toBe(false);
  return spliced;
}

const drawings: [string, Drawn][] = [];
for (const bigEndian of [true, false]) {
  const order = bigEndian ? 'big-endian' : 'little-endian';
  drawings.push(
    [`8-bit RGB, one strip, ${order}`, { bigEndian, bits: 8, samples: 3, rowsPerStrip: HEIGHT }],
    [`16-bit RGB, several strips, ${order}`, { bigEndian, bits: 16, samples: 3, rowsPerStrip: 4 }],
    [`16-bit RGB in planes, ${order}`, { bigEndian, bits: 16, samples: 3, planar: true, rowsPerStrip: 4 }],
    [`16-bit grey, 0 is white, ${order}`, { bigEndian, bits: 16, samples: 1, photometric: 0, rowsPerStrip: 5 }],
  );
}
drawings.push(
  ['16-bit RGB, directory last', { bigEndian: true, bits: 16, samples: 3, rowsPerStrip: 1, directoryLast: true }],
  ['8-bit RGBA', { bigEndian: true, bits: 8, samples: 4, rowsPerStrip: 6 }],
  ['16-bit RGBA', { bigEndian: true, bits: 16, samples: 4, rowsPerStrip: 6 }],
  ['8-bit grey', { bigEndian: false, bits: 8, samples: 1, rowsPerStrip: 5 }],
  ['8-bit grey, 0 is white', { bigEndian: false, bits: 8, samples: 1, photometric: 0, rowsPerStrip: 5 }],
  ['16-bit grey', { bigEndian: true, bits: 16, samples: 1, rowsPerStrip: 5 }],
  ['16-bit grey with alpha', { bigEndian: true, bits: 16, samples: 2, rowsPerStrip: 5 }],
  ['8-bit RGB in planes', { bigEndian: true, bits: 8, samples: 3, planar: true, rowsPerStrip: 4 }],
);

describe('a TIFF still', () => {
  test.each(drawings)('uncompressed: %s: only the changed words change', async (_, drawn) => {
    const file = handBuilt(drawn);
    const spliced = await expectExactSplice(file, true);
    expect(spliced.length).toBe(file.length);
    const rowBytes = WIDTH * drawn.samples * (drawn.bits / 8);
    const differing = file.filter((byte, i) => byte !== spliced[i]).length;
    expect(differing).toBeGreaterThan(rowBytes / 4);
    expect(differing).toBeLessThanOrEqual(3 * rowBytes);
  });

  const written = ['rgb24', 'rgba64le', 'gray', 'ya8', 'ya16le'].map((format) => [format, 'raw']);
  const packed = ['packbits', 'lzw', 'deflate'].flatMap((packing) => [
    ['rgb48le', packing],
    ['ya8', packing],
  ]);
  test.each([...written, ...packed])('of %s that ffmpeg packed with %s is spliced exactly', async (format, packing) => {
    await expectExactSplice(
      drawStill('tiff', format as string, '50x22', ['-compression_algo', packing as string]),
      packing === 'raw',
    );
  });

  test.each(
    (['lzw', 'deflate', 'packbits'] as const).flatMap((compression) =>
      (['none', 'horizontal'] as const).flatMap((predictor) =>
        ([8, 16] as const).map((bits) => [compression, predictor, bits] as const),
      ),
    ),
  )('packed with %s and predictor %s at %i bits keeps its other fields', async (compression, predictor, bits) => {
    const noise = Buffer.from(
      decodeStill('png', drawStill('png', 'rgb24', '64x40'), 'gbrp', { width: 64, height: 40 }).bytes,
    );
    const raw = bits === 8 ? noise : Uint16Array.from(noise, (value, i) => value * 257 + (i % 7));
    const file = await sharp(raw, { raw: { width: 64, height: 40, channels: 3 } })
      .toColourspace(bits === 8 ? 'srgb' : 'rgb16')
      .withExif({ IFD0: { ImageDescription: 'reel 3', Orientation: '3' } })
      .tiff({ compression, predictor, xres: 11.81, yres: 11.81 })
      .toBuffer();
    const spliced = await expectExactSplice(file, false);
    const before = await sharp(file).metadata();
    const after = await sharp(spliced).metadata();
    expect(before.density).toBe(300);
    expect(after).toEqual({ ...before, ...(before.size === undefined ? {} : { size: spliced.length }) });
  });

  test('that was cut off anywhere in its directory or picture is noticed', async () => {
    for (const drawn of [drawings[1], drawings[2], drawings[8]]) {
      const file = handBuilt((drawn as [string, Drawn])[1]);
      await parseTiff(bytesInMemory(file));
      for (let size = 0; size < file.length - 2; size += 1 + (size % 29)) {
        await expect(parseTiff(bytesInMemory(file.subarray(0, size)))).rejects.toThrow(/cut off/);
      }
    }
  });

  test('that we cannot write back is told from one that is damaged', async () => {
    expect((await parseTiff(bytesInMemory(drawStill('tiff', 'pal8', '50x22')))).obstacle).toMatch(/photometric 3/);
    expect((await parseTiff(bytesInMemory(drawStill('tiff', 'yuv420p', '50x22')))).obstacle).toMatch(/photometric 6/);
    await expect(parseTiff(bytesInMemory(Buffer.from('GIF89a, not a TIFF')))).rejects.toThrow(/not a TIFF file/);
  });
});

describe('lossless packing', () => {
  const drawn = (length: number, values: number) => {
    let seed = length + values;
    return Buffer.from(
      Array.from({ length }, (_, i) => {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        return i % 17 < 9 ? 7 : (seed >>> 16) % values;
      }),
    );
  };
  const samples = [0, 1, 2, 3, 127, 128, 129, 255, 256, 257, 4000, 70_000].flatMap((length) =>
    [2, 17, 256].map((values) => [length, values] as const),
  );

  test.each(samples)('of %i bytes of %i values comes back', (length, values) => {
    const raw = drawn(length, values);
    expect(unpackLzw(packLzw(raw), length).equals(raw)).toBe(true);
    expect(unpackBits(packBits(raw, 100), length).equals(raw)).toBe(true);
  });
});
