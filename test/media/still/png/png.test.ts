import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parsePng } from '../../../../src/media/still/png/png.ts';
import { splicePng } from '../../../../src/media/still/png/splice-png.ts';
import { decodeStill, drawStill, probeStill, repaint } from '../footage.ts';

async function expectExactSplice(file: Buffer): Promise<Buffer> {
  const header = await parsePng(bytesInMemory(file));
  expect(header.obstacle).toBeNull();
  expect(header.pixelFormat).toBe(probeStill('png', file));
  const { width, height } = header;
  const format = header.pixelFormat as string;
  const plate = decodeStill('png', file, format, { width, height });
  const painted = repaint(plate, 5, 8);
  const spliced = await splicePng(file, header, painted, { in: 5, out: 8 });
  const read = decodeStill('png', spliced, format, { width, height });
  expect(Buffer.from(read.bytes).equals(painted.bytes)).toBe(true);
  expect(Buffer.from(read.bytes).equals(plate.bytes)).toBe(false);
  return spliced;
}

/** The samples as an independent reader decodes them. */
function readBySharp(file: Buffer): Promise<Buffer> {
  return sharp(file).ensureAlpha().raw({ depth: 'ushort' }).toColourspace('rgb16').toBuffer();
}

describe('a PNG still', () => {
  test.each(['rgb24', 'rgb48be', 'rgba', 'rgba64be', 'gray', 'gray16be', 'ya8', 'ya16be'])(
    'of %s is spliced exactly and keeps its depth',
    async (pixelFormat) => {
      const file = drawStill('png', pixelFormat, '50x22', ['-pred', 'mixed']);
      const spliced = await expectExactSplice(file);
      expect(probeStill('png', spliced)).toBe(pixelFormat);
    },
  );

  test('keeps its alpha even where a decoder rounds it', async () => {
    const alpha = Buffer.from(Array.from({ length: 50 * 22 * 4 }, (_, i) => (i * 37 + (i >> 3)) % 256));
    const file = await sharp(alpha, { raw: { width: 50, height: 22, channels: 4 } })
      .png()
      .toBuffer();
    const spliced = await expectExactSplice(file);
    const read = await sharp(spliced).raw().toBuffer();
    for (let i = 3; i < alpha.length; i += 4) expect(read[i]).toBe(alpha[i]);
  });

  test('keeps every chunk that is not the picture', async () => {
    const file = await sharp(drawStill('png', 'rgb48be', '50x22'))
      .toColourspace('rgb16')
      .withMetadata({ density: 300 })
      .withIccProfile('p3')
      .withExif({ IFD0: { ImageDescription: 'reel 3' } })
      .png()
      .toBuffer();
    const spliced = await expectExactSplice(file);
    const before = await parsePng(bytesInMemory(file));
    const after = await parsePng(bytesInMemory(spliced));
    const others = (bytes: Buffer, { chunks }: typeof before) =>
      chunks
        .filter(({ type }) => type !== 'IDAT')
        .map(({ type, offset, length }) => [type, bytes.toString('hex', offset, offset + length)]);
    expect(others(spliced, after)).toEqual(others(file, before));
    expect(others(file, before).map(([type]) => type)).toEqual(expect.arrayContaining(['iCCP', 'pHYs', 'eXIf']));
  });

  test.each(['monob', 'pal8'])(
    'of %s comes back as a plain one with the same samples, and says so',
    async (pixelFormat) => {
      const file = drawStill('png', pixelFormat, '50x22');
      const header = await parsePng(bytesInMemory(file));
      expect(header.obstacle).toBeNull();
      expect(header.note).toMatch(/of 8 bits/);
      expect(header.pixelFormat).toBe(probeStill('png', file));
      const plate = decodeStill('png', file, pixelFormat, { width: 50, height: 22 });
      const painted = repaint(plate, 5, 8);
      const spliced = await splicePng(file, header, painted, { in: 5, out: 8 });
      const read = decodeStill('png', spliced, plate.format.name, { width: 50, height: 22 });
      expect(Buffer.from(read.bytes).equals(painted.bytes)).toBe(true);
    },
  );

  test('with a palette or interlaced comes back with the samples that another reader sees', async () => {
    const drawn = drawStill('png', 'rgb24', '50x22');
    for (const file of [
      await sharp(drawn).png({ palette: true, colours: 32, dither: 0 }).toBuffer(),
      await sharp(drawn).png({ progressive: true }).toBuffer(),
      await sharp(drawn).ensureAlpha(0.4).png({ palette: true, colours: 32, dither: 0 }).toBuffer(),
      await sharp(drawn).ensureAlpha(0.4).png({ progressive: true }).toBuffer(),
    ]) {
      const header = await parsePng(bytesInMemory(file));
      expect(header.note).toMatch(/palette|interlaced/);
      const plate = decodeStill('png', file, header.pixelFormat as string, { width: 50, height: 22 });
      const spliced = await splicePng(file, header, plate, { in: 5, out: 8 });
      expect((await readBySharp(spliced)).equals(await readBySharp(file))).toBe(true);
      expect((await sharp(spliced).metadata()).isProgressive).toBe(false);
    }
  });

  test('that was cut off or changed anywhere is noticed', async () => {
    const file = drawStill('png', 'rgb24', '50x22');
    await parsePng(bytesInMemory(file));
    for (let size = 0; size < file.length; size += 1 + (size % 37)) {
      await expect(parsePng(bytesInMemory(file.subarray(0, size)))).rejects.toThrow(/cut off/);
    }
    for (let at = 0; at < file.length; at += 53) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      await expect(parsePng(bytesInMemory(damaged))).rejects.toThrow(/cut off|damaged|not a PNG/);
    }
  });
});
