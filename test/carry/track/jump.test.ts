import { describe, expect, it } from 'vitest';
import { isBlindJump, isContradictedJump } from '../../../src/carry/track/jump.ts';

const CALM = { age: 1, motion: 0.02, tiles: 0.01, disagreement: 0.006 };
const JUMP = { ...CALM, motion: 0.45 };

describe('a face that moved far from one frame to the next', () => {
  it('counts as followed where it looks the same', () => {
    expect(isBlindJump(JUMP)).toBe(false);
  });

  it('does not where it looks different, or could not be measured', () => {
    expect(isBlindJump({ ...JUMP, tiles: 0.1 })).toBe(true);
    expect(isBlindJump({ ...JUMP, motion: Infinity, tiles: Infinity })).toBe(true);
  });

  it('does not where the network places it elsewhere', () => {
    expect(isContradictedJump(JUMP, 0.02)).toBe(false);
    expect(isContradictedJump(JUMP, 0.12)).toBe(true);
  });
});

describe('a face that hardly moved', () => {
  it('counts as followed through a hand over it, whatever the network answers', () => {
    expect(isBlindJump({ ...CALM, tiles: 0.3 })).toBe(false);
    expect(isContradictedJump(CALM, 0.12)).toBe(false);
  });
});
