import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Plane, planesOf } from '../../../../src/film/plate.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { spliceTiff } from '../../../../src/media/still/tiff/splice-tiff.ts';
import { parseTiff } from '../../../../src/media/still/tiff/tiff.ts';
import { unpackTiff } from '../../../../src/media/still/tiff/unpack-tiff.ts';
import { repaint } from '../footage.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'tiff');

/** Who wrote a file of noise, and the SHA-256 of its samples, pixel by pixel as 16-bit little-endian, as its writer was given them. */
interface Origin {
  readonly by: string;
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly sha256: string;
}

const origins = Object.entries(
  JSON.parse(await readFile(join(FOLDER, 'origin.json'), 'utf8')) as Record<string, Origin>,
);
const ORIENTATIONS: Readonly<Record<string, number>> = {
  'thumbnail-first.tif': 6,
  'pillow-lzw.tif': 3,
  'oiio-tiled-zip.tif': 8,
};

describe('A TIFF that other software wrote', () => {
  it.each(origins)('%s is read as it was written, and spliced', async (name, { width, height, samples, sha256 }) => {
    const file = await readFile(join(FOLDER, name));
    const header = await parseTiff(bytesInMemory(file));
    expect(header).toMatchObject({ width, height, samples, orientation: ORIENTATIONS[name] ?? 1, obstacle: null });
    const format = sampleFormat(header.pixelFormat as string);
    const bytes = await unpackTiff(file, header);
    const planes = planesOf(format, bytes, width, height);
    const order = format.planes.map(({ component }) => 'YRGBA'.indexOf(component));
    const inOrder = planes.map((plane, k) => ({ plane, at: order[k] as number })).sort((a, b) => a.at - b.at);
    const read = new Uint16Array(width * height * samples);
    inOrder.forEach(({ plane }: { plane: Plane }, c) => {
      plane.samples.forEach((value: number, k: number) => {
        read[k * samples + c] = value;
      });
    });
    expect(createHash('sha256').update(read).digest('hex')).toBe(sha256);

    const plate = { frame: 0, format, width, height, bytes };
    const painted = repaint(plate, 4, 9);
    const spliced = await spliceTiff(file, header, painted, { in: 4, out: 9 });
    const after = await unpackTiff(spliced, await parseTiff(bytesInMemory(spliced)));
    expect(Buffer.from(after).equals(painted.bytes)).toBe(true);
  });
});
