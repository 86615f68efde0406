import { expect, test } from 'vitest';
import { gaussianBlur } from '../../src/motion/gaussian.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { noiseSigma, temporalNoiseSigma } from '../../src/motion/noise.ts';
import { quantile } from '../../src/motion/quantile.ts';
import { mulberry32, pictureOf, texture, withNoise } from './texture.ts';

const SIZE = 160;

/** Grain of deviation `sigma` that is correlated over `width` pixels. */
function grain(sigma: number, width: number, seed: number): Luma {
  const white = withNoise(
    pictureOf(SIZE, SIZE, () => 0),
    1,
    seed,
  );
  const soft = gaussianBlur(white, width);
  const deviation = Math.sqrt(soft.samples.reduce((sum, v) => sum + v * v, 0) / soft.samples.length);
  return { ...soft, samples: soft.samples.map((v) => (v * sigma) / deviation) };
}

test.each([2, 4, 8])('white noise of %i levels is read through texture', (sigma) => {
  const picture = withNoise(pictureOf(SIZE, SIZE, texture(1)), sigma / 255, 4);
  expect(noiseSigma(picture) * 255).toBeGreaterThan(0.96 * sigma);
  expect(noiseSigma(picture) * 255).toBeLessThan(1.06 * sigma);
});

test('edges are not noise', () => {
  const squares = pictureOf(SIZE, SIZE, (x, y) => ((Math.floor(x / 9) + Math.floor(y / 9)) % 2 === 0 ? 0.2 : 0.8));
  expect(noiseSigma(squares)).toBe(0);
  expect(noiseSigma(withNoise(squares, 3 / 255, 2)) * 255).toBeCloseTo(3, 0);
});

test('correlated grain is seen in part by one picture with spread taps, and whole by two', () => {
  const a = grain(4 / 255, 0.8, 1);
  expect(noiseSigma(a, 1) * 255).toBeLessThan(1);
  expect(noiseSigma(a, 2) * 255).toBeGreaterThan(2.5);
  const scene = pictureOf(SIZE, SIZE, texture(3));
  const seen = (luma: Luma, gain: number) => ({
    ...luma,
    samples: luma.samples.map((v, k) => v + gain * (scene.samples[k] as number)),
  });
  const b = grain(4 / 255, 0.8, 2);
  expect(temporalNoiseSigma(seen(a, 1), seen(b, 1)) * 255).toBeCloseTo(4, 0);
});

test('a third of the picture that moved does not count as noise', () => {
  const scene = pictureOf(SIZE, SIZE, texture(5));
  const moved = pictureOf(SIZE, SIZE, (x, y) => (x < 50 ? texture(6)(x, y) : texture(5)(x, y)));
  const sigma = temporalNoiseSigma(withNoise(scene, 4 / 255, 1), withNoise(moved, 4 / 255, 2)) * 255;
  expect(sigma).toBeGreaterThan(3.8);
  expect(sigma).toBeLessThan(7);
});

test('a quantile is the element of its rank', () => {
  const random = mulberry32(9);
  for (let k = 0; k < 50; k++) {
    const values = Float32Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 10));
    const q = random();
    const sorted = Float32Array.from(values).sort();
    expect(quantile(Float32Array.from(values), q)).toBe(sorted[Math.floor(q * values.length)]);
  }
});
