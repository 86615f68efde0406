import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../../src/media/still/exr.ts';
import { spliceExr } from '../../../../src/media/still/splice-exr.ts';
import { unpackExr } from '../../../../src/media/still/unpack-exr.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/exr-layouts');

interface Known {
  readonly channels: readonly string[];
  readonly size: readonly [number, number];
  readonly sha256: string;
  readonly first: readonly number[];
}

const { files } = JSON.parse(readFileSync(join(FOLDER, 'openexr.json'), 'utf8')) as { files: Record<string, Known> };

describe('A file that OpenEXR wrote', () => {
  test.each(Object.entries(files))('%s has the samples that OpenEXR reads', async (name, known) => {
    const file = readFileSync(join(FOLDER, name));
    const header = await parseExr(bytesInMemory(file));
    expect([header.width, header.height]).toEqual(known.size);
    const bytes = await unpackExr(file, header);
    const at = known.size[0] * 8 + 8;
    expect([...new Float32Array(bytes.buffer, at * 4, 4)]).toEqual(known.first);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(known.sha256);
  });

  test.each(Object.keys(files))('%s is spliced, and nothing but those rows is another', async (name) => {
    const file = readFileSync(join(FOLDER, name));
    const header = await parseExr(bytesInMemory(file));
    const { width, height } = header;
    const bytes = await unpackExr(file, header);
    const painted = new Float32Array(bytes.slice().buffer);
    const pixels = width * height;
    for (let p = 0; p < 3; p++) {
      for (let k = 9 * width; k < 11 * width; k++) {
        // Nothing is written where the file has no samples.
        if (bytes.subarray((p * pixels + k) * 4, (p * pixels + k) * 4 + 4).some((byte) => byte !== 0)) {
          painted[p * pixels + k] = ((k * 7 + p) % 64) / 64 + 2;
        }
      }
    }
    const plate = {
      frame: 0,
      format: sampleFormat(header.pixelFormat),
      width,
      height,
      bytes: new Uint8Array(painted.buffer),
    };
    const spliced = await spliceExr(file, header, plate, { in: 9, out: 11 });
    const after = await parseExr(bytesInMemory(spliced));
    expect(Buffer.from(await unpackExr(spliced, after)).equals(Buffer.from(painted.buffer))).toBe(true);
    expect(spliced.includes('reel 3, scene 12')).toBe(file.includes('reel 3, scene 12'));
    // B44 is not written, and comes back as ZIP.
    expect(after.picture.part.compression).toBe(name.includes('b44') ? 3 : header.picture.part.compression);
    const others = header.picture.part.channels.flatMap(({ name: channel }) =>
      [...header.picture.channels.values()].some((k) => header.picture.part.channels[k]?.name === channel)
        ? []
        : [channel],
    );
    for (const channel of others) {
      const [old, now] = await Promise.all([file, spliced].map((one) => channelOf(one, channel)));
      expect(now?.equals(old as Buffer), channel).toBe(true);
    }
  });
});

async function channelOf(file: Buffer, channel: string): Promise<Buffer> {
  return Buffer.from(await unpackExr(file, await parseExr(bytesInMemory(file), channel)));
}
