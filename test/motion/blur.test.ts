import { expect, test } from 'vitest';
import { grainTile } from '../../samples/wear.ts';
import { blurSigma } from '../../src/motion/blur.ts';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import type { Luma } from '../../src/motion/luma.ts';
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

test.each([0.8, 1, 1.5, 2, 2.5, 3.6])('a blur of %f pixels is measured at the edges', (sigma) => {
  expect(blurSigma(gaussianBlur(DISCS, sigma)) as number).toBeGreaterThan(0.9 * sigma);
  expect(blurSigma(gaussianBlur(DISCS, sigma)) as number).toBeLessThan(1.1 * sigma);
});

const TILE = grainTile(9);

/** The picture under film grain: 0.8 pixels coarse, another piece of it for every seed. */
function grained(luma: Luma, deviation: number, seed: number): Luma {
  const [dx, dy] = [(seed * 7919) % 1024, (seed * 4729) % 1024];
  const samples = luma.samples.map((v, i) => {
    const x = ((i % luma.width) + dx) % 1024;
    const y = (Math.floor(i / luma.width) + dy) % 1024;
    return v + deviation * (TILE[1024 * y + x] as number);
  });
  return { ...luma, samples };
}

test.each([3, 6, 9])('grain of %i levels changes that by less than a tenth', (levels) => {
  for (const sigma of [0.8, 1.2, 1.6, 2.4, 3.6]) {
    const picture = gaussianBlur(DISCS, sigma);
    const read = [1, 2, 3, 4].map((seed) => blurSigma(grained(picture, levels / 255, seed)) as number);
    const mean = read.reduce((sum, v) => sum + v, 0) / read.length;
    expect(Math.abs(mean / sigma - 1), `${sigma} pixels`).toBeLessThan(0.1);
    // One frame alone comes near it, so that a track that is smoothed over time stands still.
    expect(Math.max(...read) - Math.min(...read), `${sigma} pixels`).toBeLessThan(0.3 * sigma);
  }
});

test('a sharp picture has no blur', () => {
  expect(blurSigma(DISCS) as number).toBeLessThan(0.4);
});

test('without an edge the blur is null', () => {
  expect(blurSigma(pictureOf(64, 64, (x) => 0.3 + x * 1e-6))).toBeNull();
  const wall = withNoise(
    pictureOf(64, 64, () => 0.5),
    3 / 255,
    1,
  );
  expect(blurSigma(wall)).toBeNull();
});
