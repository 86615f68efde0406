import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { bytesInMemory } from '../../../src/media/still/byte-source.ts';
import { parseDpx } from '../../../src/media/still/dpx.ts';
import { unpackDpx } from '../../../src/media/still/unpack-dpx.ts';
import { drawDpx } from './dpx-writer.ts';

const DESCRIPTORS: Readonly<Record<string, number>> = {
  ...{ luma: 6, RGB: 50, RGBA: 51, ABGR: 52, BGR: 53, BGRA: 54, ARGB: 55 },
  ...{ CbYCrY: 100, CbYACrYA: 101, CbYCr: 102, CbYCrA: 103 },
};
const formats = readFileSync(join(packageFolder(), 'docs', 'formats.md'), 'utf8');
const [, read = ''] = /^\| DPX \|([^|]*)\|/m.exec(formats) ?? [];

describe('what formats.md says of DPX', () => {
  test('names every kind of samples that is read, and no other', () => {
    const named = read.match(/\b(luma|[ABGR]{3,4}|Cb\w+)\b/g) ?? [];
    expect(named.toSorted()).toEqual(Object.keys(DESCRIPTORS).toSorted());
    expect(read).toMatch(/8, 10, 12 and 16 bit, each of/);
  });

  test.each(Object.entries(DESCRIPTORS))(
    'is true of %s in every depth, packing and byte order',
    async (_, descriptor) => {
      for (const bits of [8, 10, 12, 16] as const) {
        for (const packing of bits === 8 || bits === 16 ? [0] : [0, 1, 2]) {
          for (const bigEndian of [true, false]) {
            const drawn = { descriptor, bits, packing, bigEndian, width: 22, height: 6, offset: 2048, seed: 0.7 };
            const { file, planes } = drawDpx({ ...drawn, rows: 'filled' });
            const header = await parseDpx(bytesInMemory(file));
            expect(Buffer.compare(unpackDpx(file, header), planes), JSON.stringify(drawn)).toBe(0);
          }
        }
      }
    },
  );
});
