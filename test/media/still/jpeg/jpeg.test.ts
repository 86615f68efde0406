import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type Plate, planesOf } from '../../../../src/film/plate.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseJpeg } from '../../../../src/media/still/jpeg/jpeg.ts';
import { spliceJpeg } from '../../../../src/media/still/jpeg/splice-jpeg.ts';
import { decodeStill, drawStill, probeStill } from '../footage.ts';

/** A copy of a plate with a soft bright spot, as a comp leaves it: rows 20 … 44, columns 20 … 44 of luma change, chroma too. */
function retouch(plate: Plate): Plate {
  const changed = { ...plate, bytes: Uint8Array.from(plate.bytes) };
  planesOf(plate.format, changed.bytes, plate.width, plate.height).forEach((plane, k) => {
    const { shiftX = 0, shiftY = 0 } = plate.format.planes[k] ?? {};
    for (let y = 0; y < plane.height; y++) {
      for (let x = 0; x < plane.width; x++) {
        const distance = Math.hypot((x << shiftX) - 32, (y << shiftY) - 32);
        const matte = Math.max(0, Math.min(1, (12 - distance) / 4));
        const at = y * plane.width + x;
        const was = plane.samples[at] as number;
        plane.samples[at] = Math.round(was + matte * (150 - 0.6 * was - 30 * k));
      }
    }
  });
  return changed;
}

interface Difference {
  /** Greatest difference of a sample in blocks that the retouch does not meet. */
  readonly outside: number;
  /** Root mean square difference to the retouched plate, in the blocks that it meets. */
  readonly inside: number;
}

function compare(read: Plate, wanted: Plate, plate: Plate): Difference {
  let outside = 0;
  let squares = 0;
  let count = 0;
  const planes = [read, wanted, plate].map((one) => planesOf(one.format, one.bytes, one.width, one.height));
  planes[0]?.forEach((plane, k) => {
    const [target, source] = [planes[1]?.[k], planes[2]?.[k]];
    if (!target || !source) return;
    const touched = new Set<number>();
    const blockOf = (i: number) => (Math.floor(i / plane.width) >> 3) * 1000 + ((i % plane.width) >> 3);
    target.samples.forEach((sample, i) => {
      if (sample !== source.samples[i]) touched.add(blockOf(i));
    });
    plane.samples.forEach((sample, i) => {
      if (touched.has(blockOf(i))) {
        squares += (sample - (target.samples[i] as number)) ** 2;
        count += 1;
      } else outside = Math.max(outside, Math.abs(sample - (source.samples[i] as number)));
    });
  });
  return { outside, inside: Math.sqrt(squares / count) };
}

async function spliceAndRead(file: Buffer): Promise<{ spliced: Buffer; difference: Difference }> {
  const header = await parseJpeg(bytesInMemory(file));
  expect(header.obstacle).toBeNull();
  expect(header.pixelFormat).toBe(probeStill('jpeg', file));
  const { width, height } = header;
  const plate = decodeStill('jpeg', file, header.pixelFormat as string, { width, height });
  const wanted = retouch(plate);
  const spliced = spliceJpeg(file, header, wanted, { in: 20, out: 45 });
  const read = decodeStill('jpeg', spliced, header.pixelFormat as string, { width, height });
  return { spliced, difference: compare(read, wanted, plate) };
}

describe('a JPEG still', () => {
  test.each(['yuvj420p', 'yuvj422p', 'yuvj444p', 'gray'])(
    'of %s changes only in the blocks that changed',
    async (pixelFormat) => {
      const file =
        pixelFormat === 'gray'
          ? await sharp(drawStill('png', 'gray', '99x83'))
              .jpeg({ quality: 92 })
              .toBuffer()
          : drawStill('jpeg', pixelFormat, '99x83', ['-q:v', '2', '-color_range', 'pc']);
      const { difference } = await spliceAndRead(file);
      expect(difference.outside).toBe(0);
      expect(difference.inside).toBeLessThan(2.5);
    },
  );

  test.each([
    ['with optimised tables', { quality: 80, chromaSubsampling: '4:2:0', optimiseCoding: true }],
    ['of the best quality', { quality: 100, chromaSubsampling: '4:4:4' }],
    ['of low quality', { quality: 30, chromaSubsampling: '4:2:0' }],
    ['in several scans', { quality: 90, progressive: true, chromaSubsampling: '4:2:0' }],
    ['in several scans at full chroma', { quality: 95, progressive: true, chromaSubsampling: '4:4:4' }],
  ] as const)('%s, from another encoder, changes only in the blocks that changed', async (_, options) => {
    const file = await sharp(drawStill('png', 'rgb24', '99x83'))
      .jpeg(options)
      .toBuffer();
    const { spliced, difference } = await spliceAndRead(file);
    expect(difference.outside).toBe(0);
    expect(difference.inside).toBeLessThan(options.quality < 50 ? 16 : options.quality < 95 ? 6 : 2.5);
    const before = await sharp(file).metadata();
    const after = await sharp(spliced).metadata();
    expect(after.chromaSubsampling).toBe(before.chromaSubsampling);
  });

  test('that did not change is the same file, byte for byte', async () => {
    for (const file of [
      drawStill('jpeg', 'yuvj420p', '99x83', ['-q:v', '3', '-color_range', 'pc']),
      await sharp(drawStill('png', 'rgb24', '99x83'))
        .jpeg({ quality: 85, optimiseCoding: true })
        .toBuffer(),
    ]) {
      const header = await parseJpeg(bytesInMemory(file));
      const plate = decodeStill('jpeg', file, header.pixelFormat as string, header);
      expect(spliceJpeg(file, header, plate, { in: 0, out: header.height }).equals(file)).toBe(true);
    }
  });

  test('keeps its EXIF, ICC and comment segments byte for byte', async () => {
    const file = await sharp(drawStill('png', 'rgb24', '99x83'))
      .withIccProfile('p3')
      .withExif({ IFD0: { ImageDescription: 'reel 3', Orientation: '6' } })
      .jpeg({ quality: 90 })
      .toBuffer();
    const { spliced } = await spliceAndRead(file);
    const others = async (bytes: Buffer) =>
      (await parseJpeg(bytesInMemory(bytes))).segments
        .filter(({ marker }) => marker >= 0xe0)
        .map(({ marker, start, end }) => [marker, bytes.toString('hex', start, end)]);
    expect(await others(spliced)).toEqual(await others(file));
    expect((await others(file)).map(([marker]) => marker)).toEqual(expect.arrayContaining([0xe1, 0xe2]));
  });

  test('that was cut off anywhere is noticed', async () => {
    const file = await sharp(drawStill('png', 'rgb24', '99x83'))
      .jpeg({ quality: 90 })
      .toBuffer();
    for (let size = 0; size < file.length; size += 1 + (size % 23)) {
      await expect(parseJpeg(bytesInMemory(file.subarray(0, size)))).rejects.toThrow(/cut off/);
    }
    await expect(parseJpeg(bytesInMemory(Buffer.from('not a JPEG')))).rejects.toThrow(/not a JPEG/);
  });

  test('whose colours we cannot write back says so', async () => {
    const file = await sharp(drawStill('png', 'rgb24', '99x83'))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await parseJpeg(bytesInMemory(file))).obstacle).toMatch(/YCbCr/);
  });
});
