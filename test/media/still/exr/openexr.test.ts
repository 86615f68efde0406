import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromHalf } from '../../../../src/film/half-float.ts';
import { sampleFormat } from '../../../../src/film/sample-format.ts';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { DamagedStill } from '../../../../src/media/still/damaged-still.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { spliceExr } from '../../../../src/media/still/exr/splice-exr.ts';
import { unpackExr } from '../../../../src/media/still/exr/unpack-exr.ts';
import { processorTime } from '../../../processor-time.ts';
import { randomFrom } from '../random.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/exr-layouts');

interface Known {
  readonly channels: readonly string[];
  readonly size: readonly [number, number];
  readonly sha256: string;
  readonly first: readonly number[];
  readonly halves?: string;
}

const { files } = JSON.parse(readFileSync(join(FOLDER, 'openexr.json'), 'utf8')) as { files: Record<string, Known> };

describe('A file that OpenEXR wrote', () => {
  test.each(Object.entries(files))('%s has the samples that OpenEXR reads', async (name, known) => {
    const file = readFileSync(join(FOLDER, name));
    const header = await parseExr(bytesInMemory(file));
    expect([header.width, header.height]).toEqual(known.size);
    const bytes = await unpackExr(file, header);
    if (known.halves !== undefined) {
      expectNear(new Float32Array(bytes.buffer), Buffer.from(known.halves, 'base64'));
      return;
    }
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
    const changed = await spliceExr(file, header, plate, { in: 9, out: 11 });
    const after = await parseExr(bytesInMemory(changed));
    expect(Buffer.from(await unpackExr(changed, after)).equals(Buffer.from(painted.buffer))).toBe(true);
    expect(changed.includes('reel 3, scene 12')).toBe(file.includes('reel 3, scene 12'));
    // B44 and DWA are not written, and come back as ZIP.
    expect(after.picture.part.compression).toBe(/b44|dwa/.test(name) ? 3 : header.picture.part.compression);
    const others = header.picture.part.channels.flatMap(({ name: channel }) =>
      [...header.picture.channels.values()].some((k) => header.picture.part.channels[k]?.name === channel)
        ? []
        : [channel],
    );
    for (const channel of others) {
      const [old, now] = await Promise.all([file, changed].map((one) => channelOf(one, channel)));
      expect(now?.equals(old as Buffer), channel).toBe(true);
    }
  });
});

/** A cosine transform in other arithmetic ends at the neighbouring half now and then, which the curve to light widens. */
function expectNear(found: Float32Array, halves: Buffer): void {
  expect(found.length).toBe(halves.length / 2);
  let others = 0;
  found.forEach((value, k) => {
    const known = fromHalf(halves.readUInt16LE(k * 2));
    if (value !== known) others += 1;
    expect(Math.abs(value - known)).toBeLessThanOrEqual(Math.abs(known) / 128);
  });
  expect(others).toBeLessThan(found.length / 100);
}

describe('A file that OpenEXR wrote and something damaged', () => {
  test.each(Object.keys(files))('%s is named, or comes to no harm', async (name) => {
    const whole = readFileSync(join(FOLDER, name));
    const random = randomFrom(name.length);
    for (let k = 0; k < 60; k++) {
      const file = Buffer.from(whole);
      for (let turned = 1 + random.int(3); turned > 0; turned--) {
        const at = 400 + random.int(file.length - 400);
        file[at] = random.int(256);
      }
      const began = processorTime();
      const outcome = await spliced(file).catch((error: unknown) => error);
      expect(processorTime() - began).toBeLessThan(1000);
      if (!Buffer.isBuffer(outcome)) expect(outcome).toBeInstanceOf(DamagedStill);
    }
  });
});

async function spliced(file: Buffer): Promise<Buffer> {
  const header = await parseExr(bytesInMemory(file));
  const { width, height } = header;
  const bytes = (await unpackExr(file, header)).map((byte) => byte ^ 16);
  const plate = { frame: 0, format: sampleFormat(header.pixelFormat), width, height, bytes };
  return spliceExr(file, header, plate, { in: 0, out: height });
}

async function channelOf(file: Buffer, channel: string): Promise<Buffer> {
  return Buffer.from(await unpackExr(file, await parseExr(bytesInMemory(file), channel)));
}
