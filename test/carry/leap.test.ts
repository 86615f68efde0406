import { describe, expect, it } from 'vitest';
import { isBlindLeap, isContradictedLeap } from '../../src/carry/leap.ts';

const CALM = { age: 1, motion: 0.02, tiles: 0.01, disagreement: 0.006 };
const LEAP = { ...CALM, motion: 0.45 };

describe('a face that moved far from one frame to the next', () => {
  it('is believed to have been followed where it looks the same', () => {
    expect(isBlindLeap(LEAP)).toBe(false);
  });

  it('is not where it looks different, or tracking could not tell', () => {
    expect(isBlindLeap({ ...LEAP, tiles: 0.1 })).toBe(true);
    expect(isBlindLeap({ ...LEAP, motion: Infinity, tiles: Infinity })).toBe(true);
  });

  it('is not where the network sees it elsewhere', () => {
    expect(isContradictedLeap(LEAP, 0.02)).toBe(false);
    expect(isContradictedLeap(LEAP, 0.12)).toBe(true);
  });
});

describe('a face that hardly moved', () => {
  it('is believed to have been followed through a hand over it, whatever the network makes of that', () => {
    expect(isBlindLeap({ ...CALM, tiles: 0.3 })).toBe(false);
    expect(isContradictedLeap(CALM, 0.12)).toBe(false);
  });
});
