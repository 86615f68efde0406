import { expect, test } from 'vitest';
import { fitRobustSimilarity } from '../../src/face/robust-similarity.ts';
import { applyX, applyY, type Similarity } from '../../src/face/similarity.ts';
import { gaussianNoise, mulberry32 } from '../motion/texture.ts';

const TRUTH: Similarity = { a: 1.02, b: 0.05, tx: 3, ty: -2 };

function pairs(count: number, astray: number, noise: number) {
  const random = mulberry32(17);
  const error = gaussianNoise(18);
  const from = Float32Array.from({ length: 2 * count }, () => random() * 100);
  const to = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const x = from[2 * i] as number;
    const y = from[2 * i + 1] as number;
    const off = i < astray ? 15 + 20 * random() : 0;
    to[2 * i] = applyX(TRUTH, x, y) + noise * error() + off;
    to[2 * i + 1] = applyY(TRUTH, x, y) + noise * error() - off / 2;
  }
  return { from, to };
}

test('a third of the pairs that agree on another motion do not move the fit', () => {
  const { from, to } = pairs(60, 20, 0.1);
  const fit = fitRobustSimilarity(from, to);
  expect(fit?.similarity.tx).toBeCloseTo(3, 0);
  expect(Math.abs(applyX(fit?.similarity as Similarity, 50, 50) - applyX(TRUTH, 50, 50))).toBeLessThan(0.05);
  expect(Math.abs(applyY(fit?.similarity as Similarity, 50, 50) - applyY(TRUTH, 50, 50))).toBeLessThan(0.05);
  expect(fit?.inliers).toBeCloseTo(40 / 60, 2);
});

test('perfect pairs are all kept', () => {
  const { from, to } = pairs(12, 0, 0);
  expect(fitRobustSimilarity(from, to)?.inliers).toBe(1);
});

test('one point, or points all in one place, have no similarity', () => {
  expect(fitRobustSimilarity([1, 2], [3, 4])).toBeNull();
  expect(fitRobustSimilarity([1, 2, 1, 2], [3, 4, 5, 6])).toBeNull();
  expect(fitRobustSimilarity([1, 2, 8, 2], [3, 4, 5, 6], [1, 0])).toBeNull();
});
