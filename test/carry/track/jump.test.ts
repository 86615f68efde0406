import { describe, expect, it } from 'vitest';
import { isBlindJump, isContradictedJump } from '../../../src/carry/track/jump.ts';

const CALM = { age: 1, motion: 0.02, tiles: 0.01, disagreement: 0.006 };
const JUMP = { ...CALM, motion: 0.45 };

describe('a face that moved far from one frame to the next', () => {
  it('is believed to have been followed where it looks the same', () => {
    expect(isBlindJump(JUMP)).toBe(false);
  });

  it('is not where it looks different, or tracking could not tell', () => {
    expect(isBlindJump({ ...JUMP, tiles: 0.1 })).toBe(true);
    expect(isBlindJump({ ...JUMP, motion: Infinity, tiles: Infinity })).toBe(true);
  });

  it('is not where the network sees it elsewhere', () => {
    expect(isContradictedJump(JUMP, 0.02)).toBe(false);
    expect(isContradictedJump(JUMP, 0.12)).toBe(true);
  });
});

describe('a face that hardly moved', () => {
  it('is believed to have been followed through a hand over it, whatever the network makes of that', () => {
    expect(isBlindJump({ ...CALM, tiles: 0.3 })).toBe(false);
    expect(isContradictedJump(CALM, 0.12)).toBe(false);
  });
});
