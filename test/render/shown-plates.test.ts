import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../src/compute/cpu/cpu-compute.ts';
import { cutRegion, type Plate, planesOf } from '../../src/film/plate.ts';
import type { PlateColour } from '../../src/film/plate-colour.ts';
import { pictureBytes, sampleFormat } from '../../src/film/sample-format.ts';
import { displayPicture } from '../../src/render/display-picture.ts';
import { blankPicture } from '../../src/render/rgb-pictures.ts';
import { plateShower } from '../../src/render/shown-plates.ts';

const SIZE = { width: 64, height: 48 };
const ALL = { x: 0, y: 0, ...SIZE };

/** Waves that chroma of half the resolution can follow, within video range. */
function wavyPlate(name: string): Plate {
  const format = sampleFormat(name);
  const bytes = new Uint8Array(pictureBytes(format, SIZE.width, SIZE.height));
  planesOf(format, bytes, SIZE.width, SIZE.height).forEach(({ samples, width, height }, k) => {
    const one = format.kind === 'float' ? 1 : 2 ** format.bits - 1;
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
      samples[i] = one * (0.45 + 0.15 * Math.sin(6 * x + k) * Math.cos(5 * y - k));
    }
  });
  return { frame: 0, format, ...SIZE, bytes };
}

const cases: readonly (readonly [string, PlateColour['transfer'], PlateColour['tags']])[] = [
  ['yuv420p', 'rec709', {}],
  ['yuv422p10le', 'rec709', { matrix: 'bt709', range: 'pc' }],
  ['yuv444p12le', 'pq', { matrix: 'bt2020nc' }],
  ['gbrp10le', 'log', {}],
  ['gbrp', 'rec709', {}],
  ['gbrpf32le', 'linear', {}],
  ['gray16le', 'log', {}],
];

describe('a plate that is shown', () => {
  it.each(cases)('as %s in %s is what the picture of a region is', async (name, transfer, tags) => {
    const plate = wavyPlate(name);
    const colour = { tags, transfer, plateHeight: SIZE.height };
    const { width, height, rgb } = blankPicture(SIZE.width, SIZE.height);
    plateShower(plate, colour, 1).show(plate, rgb);
    const expected = await displayPicture(openCpuCompute(), cutRegion(plate, ALL), { part: ALL, scale: 1, colour });
    expect([width, height]).toEqual([expected.width, expected.height]);
    let off = 0;
    let largest = 0;
    for (const [i, value] of rgb.entries()) {
      off += (value - (expected.rgb[i] as number)) / rgb.length;
      largest = Math.max(largest, Math.abs(value - (expected.rgb[i] as number)));
    }
    expect(new Set(rgb).size).toBeGreaterThan(40);
    // Rounding, and chroma of the nearest site where it is shared.
    expect(Math.abs(off)).toBeLessThan(0.3);
    expect(largest).toBeLessThan(name.includes('420') || name.includes('422') ? 12 : 1.5);
  });

  it('at half its size is the mean of four pixels, and in a part of it the same', () => {
    const plate = wavyPlate('gbrp');
    const colour = { tags: {}, transfer: 'rec709', plateHeight: SIZE.height } as const;
    const [whole, half, part] = [blankPicture(64, 48), blankPicture(32, 24), blankPicture(32, 24)];
    plateShower(plate, colour, 1).show(plate, whole.rgb);
    const shower = plateShower(plate, colour, 2);
    shower.show(plate, half.rgb);
    const at = (x: number, y: number, c: number) => whole.rgb[3 * (y * 64 + x) + c] as number;
    for (const [x, y] of [
      [0, 0],
      [13, 7],
      [31, 23],
    ] as const) {
      for (let c = 0; c < 3; c++) {
        const sum =
          at(2 * x, 2 * y, c) + at(2 * x + 1, 2 * y, c) + at(2 * x, 2 * y + 1, c) + at(2 * x + 1, 2 * y + 1, c);
        expect(Math.abs((half.rgb[3 * (y * 32 + x) + c] as number) - sum / 4)).toBeLessThanOrEqual(0.5);
      }
    }
    shower.show(plate, part.rgb, { x: 5, y: 3, width: 9, height: 4 });
    for (let y = 0; y < 24; y++) {
      for (let i = 3 * 32 * y; i < 3 * 32 * (y + 1); i++) {
        const x = Math.floor((i % 96) / 3);
        const isIn = x >= 5 && x < 14 && y >= 3 && y < 7;
        expect(part.rgb[i]).toBe(isIn ? half.rgb[i] : 0);
      }
    }
  });
});
