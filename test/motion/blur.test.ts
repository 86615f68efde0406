import { expect, test } from 'vitest';
import { blurSigma } from '../../src/motion/blur.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import { noiseSigma } from '../../src/motion/noise.ts';
import { pictureOf, withNoise } from './texture.ts';

/** Two discs with true step edges, 64 samples a pixel. */
const DISCS = pictureOf(160, 160, (x, y) => {
  let sum = 0;
  for (let k = 0; k < 64; k++) {
    const u = x - 0.5 + ((k % 8) + 0.5) / 8;
    const v = y - 0.5 + (Math.floor(k / 8) + 0.5) / 8;
    sum += (Math.hypot(u - 80, v - 80) < 60 ? 0.6 : 0.3) - (Math.hypot(u - 70, v - 90) < 20 ? 0.25 : 0);
  }
  return sum / 64;
});

test.each([0.7, 1, 1.5, 2, 2.5, 3])('a blur of %f pixels is told by the edges', (sigma) => {
  expect(blurSigma(gaussianBlur(DISCS, sigma)) as number).toBeGreaterThan(0.9 * sigma);
  expect(blurSigma(gaussianBlur(DISCS, sigma)) as number).toBeLessThan(1.1 * sigma);
});

test.each([1, 1.5, 2])('grain of four levels makes a blur of %f pixels read sharper by a fifth at most', (sigma) => {
  const picture = withNoise(gaussianBlur(DISCS, sigma), 4 / 255, 3);
  const found = blurSigma(picture, noiseSigma(picture)) as number;
  expect(found).toBeGreaterThan(0.8 * sigma);
  expect(found).toBeLessThan(1.1 * sigma);
});

test('a sharp picture is sharp', () => {
  expect(blurSigma(DISCS) as number).toBeLessThan(0.3);
});

test('without an edge there is no answer', () => {
  expect(blurSigma(pictureOf(64, 64, (x) => 0.3 + x * 1e-6))).toBeNull();
  const wall = withNoise(
    pictureOf(64, 64, () => 0.5),
    3 / 255,
    1,
  );
  expect(blurSigma(wall, noiseSigma(wall))).toBeNull();
});
