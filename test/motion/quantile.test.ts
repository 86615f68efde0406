import { describe, expect, it } from 'vitest';
import { median, quantile, quantileOf } from '../../src/motion/quantile.ts';
import { uniform } from '../bench/seeded-noise.ts';

const VALUES = [5, 1, 4, 2, 3, 6];

describe('a quantile', () => {
  it('is the element of rank ⌊q · length⌋, at most the last', () => {
    expect([0, 0.5, 0.8, 1].map((q) => quantileOf(VALUES, q))).toEqual([1, 4, 5, 6]);
  });

  it('leaves the values in their order, and is the same by selection in place', () => {
    const noise = Float32Array.from({ length: 999 }, uniform(1));
    const before = Float32Array.from(noise);
    for (const q of [0, 0.1, 0.5, 0.75, 0.99, 1]) {
      const sorted = quantileOf(noise, q);
      expect(noise).toEqual(before);
      expect(quantile(Float32Array.from(noise), q)).toBe(sorted);
    }
  });

  it('of nothing is no number', () => {
    expect([quantile(new Float32Array(), 0.5), quantileOf([], 0.5), median([])]).toEqual([NaN, NaN, NaN]);
  });
});

describe('a median', () => {
  it('of an even number of values is the upper of the middle two', () => {
    expect(median(VALUES)).toBe(4);
    expect(median(VALUES.slice(1))).toBe(3);
  });
});
