import { expect, test } from 'vitest';
import { lumaOfRegion, shrinkLuma } from '../../src/motion/luma.ts';
import { pictureOf } from './texture.ts';

function rgbOf(width: number, height: number, at: (x: number, y: number) => number) {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgb.fill(at(x, y), 3 * (y * width + x), 3 * (y * width + x) + 3);
  return { width, height, rgb };
}

test('luma weighs red, green and blue as Rec. 709 does', () => {
  const picture = { width: 4, height: 1, rgb: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255) };
  const luma = lumaOfRegion(picture, { x: 0, y: 0, width: 4, height: 1 }, 4, 1);
  [0.2126, 0.7152, 0.0722, 1].forEach((v, i) => {
    expect(luma.samples[i]).toBeCloseTo(v, 6);
  });
});

test('a ramp keeps its slope and place when it is made smaller by a broken factor', () => {
  const small = shrinkLuma(
    pictureOf(100, 30, (x) => x / 100),
    37,
    11,
  );
  for (let i = 0; i < 37; i++) expect(small.samples[5 * 37 + i]).toBeCloseTo((i + 0.5) / 37, 2);
});

test('shrinking keeps the mean', () => {
  const large = pictureOf(64, 48, (x, y) => ((x * 7 + y * 13) % 11) / 11);
  const mean = (s: Float32Array) => s.reduce((a, b) => a + b, 0) / s.length;
  expect(mean(shrinkLuma(large, 16, 12).samples)).toBeCloseTo(mean(large.samples), 5);
});

test('a region between pixels is placed to a fraction of a pixel, smaller and larger', () => {
  const picture = rgbOf(120, 20, (x) => 2 * x);
  for (const width of [20, 40, 90]) {
    const part = lumaOfRegion(picture, { x: 30.3, y: 4.6, width: 40, height: 10 }, width, 8);
    for (let i = 0; i < width; i++) {
      const centre = 30.3 + ((i + 0.5) * 40) / width;
      expect((part.samples[3 * width + i] as number) * 255).toBeCloseTo(2 * (centre - 0.5), 3);
    }
  }
});

test('beyond the edge the outermost pixels are repeated', () => {
  const part = lumaOfRegion(
    rgbOf(10, 10, (x) => 20 * x),
    { x: -6, y: -3, width: 22, height: 16 },
    22,
    16,
  );
  expect((part.samples[0] as number) * 255).toBeCloseTo(0, 4);
  expect((part.samples[15 * 22 + 21] as number) * 255).toBeCloseTo(180, 3);
  expect(part.samples.every(Number.isFinite)).toBe(true);
});
