import { describe, expect, it } from 'vitest';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { UnsupportedStill } from '../../../../src/media/still/damaged-still.ts';
import { spliceTiff } from '../../../../src/media/still/tiff/splice-tiff.ts';
import { parseTiff } from '../../../../src/media/still/tiff/tiff.ts';
import { unpackTiff } from '../../../../src/media/still/tiff/unpack-tiff.ts';
import { repaint } from '../footage.ts';
import { type DrawnPage, writeTiff } from './tiff-writer.ts';

const PAGE: DrawnPage = {
  ...{ width: 32, height: 32, bits: 8, samples: 3, photometric: 2, planar: false, compression: 1, predictor: 1 },
  ...{ fillOrder: 1, cut: { tile: [16, 16] } },
  value: (x, y, c) => (x * y + c) % 256,
};
const fileOf = (page: Partial<DrawnPage>, big = false) =>
  writeTiff({ bigEndian: false, big, directoriesFirst: true, pages: [{ ...PAGE, ...page }] });

/** The file with another value in a field of one value that lies in its entry. */
function withField(file: Buffer, tag: number, value: number): Buffer {
  const changed = Buffer.from(file);
  for (let at = 10; ; at += 12) {
    if (changed.readUInt16LE(at) !== tag) continue;
    changed.writeUInt32LE(value, at + 8);
    return changed;
  }
}

describe('A TIFF of a form that is not read is refused by name', () => {
  it.each([
    ['CMYK', fileOf({ photometric: 5, samples: 4, cut: { rows: 8 } }), '8 bits, 4 a pixel, photometric 5, CMYK'],
    ['CIELab', fileOf({ photometric: 8, cut: { rows: 8 } }), 'photometric 8, CIELab'],
    ['raw sensor data', fileOf({ photometric: 32803, samples: 1 }), 'photometric 32803, raw sensor data'],
    ['24 bits', fileOf({ bits: 24, cut: { rows: 8 } }), '24 bits, 3 a pixel'],
    ['tiles of JPEG', withField(fileOf({}), 259, 7), 'is a TIFF with tiles, which is read only where'],
    ['tiles of ZSTD', withField(fileOf({}), 259, 50_000), 'its compression (50000, ZSTD, predictor 1)'],
    ['a palette in tiles', fileOf({ photometric: 3, samples: 1 }), 'photometric 3, a palette'],
  ])('%s', async (_, file, sentence) => {
    const error = await parseTiff(bytesInMemory(file)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedStill);
    expect((error as Error).message).toContain(sentence);
  });
});

describe('A TIFF of an odd form is changed like any other', () => {
  it('where equal tiles are kept once: the others stay as they were', async () => {
    const grey = fileOf({ value: () => 90 });
    const { offsets } = await parseTiff(bytesInMemory(grey));
    const file = Buffer.from(grey);
    // All four tiles are those bytes that the first had.
    for (let k = 1; k < 4; k++) file.writeUInt32LE(offsets.values[0] as number, offsets.at + 4 * k);
    await expectSplice(file);
  });

  it('where its places have two bytes and a tile moves beyond them', async () => {
    const file = Buffer.concat([fileOf({ compression: 8, shortPlaces: true, value: () => 7 }), Buffer.alloc(70_000)]);
    const spliced = await expectSplice(file);
    const { offsets } = await parseTiff(bytesInMemory(spliced));
    expect(offsets.bytes).toBe(4);
    expect(offsets.values.some((offset) => offset > 65_535)).toBe(true);
  });

  it('where it is uncompressed and does not say how long its strips are', async () => {
    const file = fileOf({ cut: { rows: 32 } });
    // Another tag in place of that of the lengths.
    const at = file.indexOf(Buffer.from([279 & 0xff, 279 >> 8, 4, 0]));
    file.writeUInt16LE(280, at);
    expect((await expectSplice(file)).length).toBe(file.length);
  });
});

async function expectSplice(file: Buffer): Promise<Buffer> {
  const header = await parseTiff(bytesInMemory(file));
  const format = sampleFormat(header.pixelFormat as string);
  const plate = { frame: 0, format, width: 32, height: 32, bytes: await unpackTiff(file, header) };
  const painted = repaint(plate, 3, 9);
  const spliced = await spliceTiff(file, header, painted, { in: 3, out: 9 });
  const after = await unpackTiff(spliced, await parseTiff(bytesInMemory(spliced)));
  expect(Buffer.from(after).equals(painted.bytes)).toBe(true);
  return spliced;
}
