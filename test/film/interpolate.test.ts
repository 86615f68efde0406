import { describe, expect, it } from 'vitest';
import { clamp, mix, smoothstep } from '../../src/film/interpolate.ts';

describe('interpolating', () => {
  it('clamps what lies outside to the nearer end', () => {
    expect([-3, 2, 4.5, 7, 9].map((v) => clamp(v, 2, 7))).toEqual([2, 2, 4.5, 7, 7]);
  });

  it('mixes along a line, which has no ends', () => {
    expect([0, 0.25, 1, 1.5].map((share) => mix(4, 8, share))).toEqual([4, 5, 8, 10]);
  });

  it('steps smoothly: 0 before, 1 behind, a half in the middle, level at both ends', () => {
    expect([1, 2, 3, 4, 5].map((v) => smoothstep(2, 4, v))).toEqual([0, 0, 0.5, 1, 1]);
    expect(smoothstep(2, 4, 2.5)).toBe(3 * 0.25 ** 2 - 2 * 0.25 ** 3);
    const slopeAt = (v: number) => (smoothstep(2, 4, v + 1e-4) - smoothstep(2, 4, v - 1e-4)) / 2e-4;
    for (const end of [2, 4]) expect(Math.abs(slopeAt(end))).toBeLessThan(1e-3);
  });

  it('falls where the ends are given the other way round', () => {
    expect([1, 2, 3, 4, 5].map((v) => smoothstep(4, 2, v))).toEqual([1, 1, 0.5, 0, 0]);
  });
});
