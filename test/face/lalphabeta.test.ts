import { expect, test } from 'vitest';
import { LMS_TO_RGB, rgbToLab } from '../../src/face/lalphabeta.ts';

const COLOURS = [
  [200 / 255, 200 / 255, 200 / 255],
  [0.8, 0.55, 0.45],
  [0.1, 0.2, 0.3],
  [1, 1, 1],
  [1.6, 1.2, 0.9],
];

/** Back by the paper's own way: eq. 8, then powers of ten, then the matrix. */
function rgbOf([l, alpha, beta]: readonly [number, number, number]): readonly number[] {
  const base = l / Math.sqrt(3) + alpha / Math.sqrt(6);
  const lms = [base + beta / Math.sqrt(2), base - beta / Math.sqrt(2), l / Math.sqrt(3) - (2 * alpha) / Math.sqrt(6)];
  return [0, 3, 6].map((row) => lms.reduce((sum, v, k) => sum + (LMS_TO_RGB[row + k] as number) * 10 ** v, 0));
}

test.each(COLOURS)('a colour comes back from lαβ as it was: %f %f %f', (r, g, b) => {
  const lab: [number, number, number] = [0, 0, 0];
  rgbToLab(r as number, g as number, b as number, lab);
  const rgb = rgbOf(lab);
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
