import { expect, test } from 'vitest';
import { labToRgb, rgbToLab } from '../../src/face/lalphabeta.ts';

const COLOURS = [
  [200 / 255, 200 / 255, 200 / 255],
  [0.8, 0.55, 0.45],
  [0.1, 0.2, 0.3],
  [1, 1, 1],
  [1.6, 1.2, 0.9],
];

test.each(COLOURS)('a colour comes back from lαβ as it was: %f %f %f', (r, g, b) => {
  const lab = new Float64Array(3);
  const rgb = new Float64Array(3);
  rgbToLab(r as number, g as number, b as number, lab);
  labToRgb(lab[0] as number, lab[1] as number, lab[2] as number, rgb);
  expect(Math.max(...[r, g, b].map((v, k) => Math.abs((v as number) - (rgb[k] as number))))).toBeLessThan(1e-9);
});

test('lαβ of white follows from the row sums of the published matrix', () => {
  const lab = [0, 0, 0];
  rgbToLab(1, 1, 1, lab);
  const [l, m, s] = [0.9996, 0.9993, 0.9973].map(Math.log10) as [number, number, number];
  expect(lab[0]).toBeCloseTo((l + m + s) / Math.sqrt(3), 9);
  expect(lab[1]).toBeCloseTo((l + m - 2 * s) / Math.sqrt(6), 9);
  expect(lab[2]).toBeCloseTo((l - m) / Math.sqrt(2), 9);
});

test('black has finite coordinates', () => {
  const lab = [0, 0, 0];
  rgbToLab(0, 0, 0, lab);
  expect(lab.every(Number.isFinite)).toBe(true);
});
