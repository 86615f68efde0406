import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesInMemory } from '../../../../src/media/still/byte-source.ts';
import { parseExr } from '../../../../src/media/still/exr/exr.ts';
import { unpackExr } from '../../../../src/media/still/exr/unpack-exr.ts';
import { randomFrom } from '../random.ts';
import { type ModelPart, randomSamples } from './exr-model.ts';
import { randomAttributes } from './random-exr.ts';
import { writeExr } from './write-exr.ts';

const FILES = 150;
const WIDTH = 37;
const HEIGHT = 41;

test('What is left to ffmpeg it decodes to the samples that are read here', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reelmend-exr-'));
  const read: Buffer[] = [];
  try {
    for (let k = 0; k < FILES; k++) {
      const random = randomFrom(7000 + k);
      const window = { left: 0, top: 0, right: WIDTH - 1, bottom: HEIGHT - 1 };
      const type = random.pick(['half', 'float'] as const);
      const part: Omit<ModelPart, 'samples'> = {
        ...{ name: random.pick(['', 'a name']), compression: random.pick([0, 1, 2, 3, 5]), lineOrder: random.int(2) },
        ...{ data: window, display: window, tiles: null, attributes: randomAttributes(random) },
        channels: ['B', 'G', 'R'].map((name) => ({ name, type, stepX: 1, stepY: 1 })),
      };
      const samples = randomSamples(part, random);
      const { file } = writeExr({ parts: [{ ...part, samples }], multiPart: false, longNames: false }, random);
      const header = await parseExr(bytesInMemory(file));
      expect(header.unpacked).toBeUndefined();
      read.push(Buffer.from(await unpackExr(file, header)));
      writeFileSync(join(folder, `${String(k).padStart(3, '0')}.exr`), file);
    }
    const args = ['-f', 'image2', '-i', join(folder, '%03d.exr'), '-pix_fmt', 'gbrpf32le', '-f', 'rawvideo', '-'];
    const decoded = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 1 << 28 });
    const bytes = WIDTH * HEIGHT * 12;
    expect(decoded.length).toBe(FILES * bytes);
    const different = read.flatMap((own, k) =>
      sameValues(own, decoded.subarray(k * bytes, (k + 1) * bytes)) ? [] : [k],
    );
    expect(different).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Of patterns for not-a-number any is as good as another. */
function sameValues(a: Buffer, b: Buffer): boolean {
  for (let at = 0; at < a.length; at += 4) if (!Object.is(a.readFloatLE(at), b.readFloatLE(at))) return false;
  return true;
}
