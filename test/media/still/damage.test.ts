import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type ByteSource, bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../src/media/still/damaged-still.ts';
import { parseDpx } from '../../../src/media/still/dpx/dpx.ts';
import { parseExr } from '../../../src/media/still/exr/exr.ts';
import { parseJpeg } from '../../../src/media/still/jpeg/jpeg.ts';
import { parsePng } from '../../../src/media/still/png/png.ts';
import { parseTiff } from '../../../src/media/still/tiff/tiff.ts';
import { drawStill } from './footage.ts';
import { randomFrom } from './random.ts';

const kinds: [string, (source: ByteSource) => Promise<unknown>, () => Promise<Buffer> | Buffer][] = [
  ['DPX', parseDpx, () => drawStill('dpx', 'gbrp10be', '48x32')],
  ['TIFF', parseTiff, () => drawStill('tiff', 'rgb48le', '48x32', ['-compression_algo', 'lzw'])],
  ['PNG', parsePng, () => drawStill('png', 'rgb48be', '48x32')],
  [
    'JPEG',
    parseJpeg,
    () =>
      sharp(drawStill('png', 'rgb24', '48x32'))
        .jpeg()
        .toBuffer(),
  ],
  ['EXR', parseExr, () => drawStill('exr', 'gbrpf32le', '48x32', ['-compression', 'zip16'])],
];

describe('a damaged still', () => {
  test.each(kinds)('of kind %s is accepted or named, whatever happened to it', async (_, parse, draw) => {
    const good = await draw();
    const random = randomFrom(99);
    let named = 0;
    for (let round = 0; round < 400; round++) {
      let bytes = Buffer.from(good);
      // Most damage to the first bytes, where the header is.
      const at = random.int(round % 4 === 0 ? bytes.length : Math.min(2048, bytes.length));
      if (round % 3 === 0) bytes.fill(round % 2 === 0 ? 0 : 255, at, Math.min(bytes.length, at + 1 + random.int(64)));
      else for (let k = 0; k < 1 + (round % 5); k++) bytes[(at + k * 7) % bytes.length] = random.int(256);
      if (round % 7 === 0) bytes = bytes.subarray(0, random.int(bytes.length));
      await parse(bytesInMemory(bytes)).catch((cause: unknown) => {
        named += 1;
        if (!(cause instanceof DamagedStill)) throw cause;
      });
    }
    expect(named).toBeGreaterThan(50);
  });
});
