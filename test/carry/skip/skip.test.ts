import { describe, expect, it } from 'vitest';
import { tileChange } from '../../../src/carry/skip/face-tiles.ts';
import { beyondGrain, type SkipLimits, verdictOf } from '../../../src/carry/skip/skip.ts';
import { extentOf } from '../../../src/carry/track/extent.ts';
import { viewOf } from '../../../src/carry/track/face-view.ts';
import { fivePoints } from '../../../src/face/landmarks.ts';
import { IDENTITY3, inSpace } from '../../../src/motion/similarity3.ts';
import { drawHead, HEAD, INTER_OCULAR, type Shown } from '../drawn-head.ts';

const LIMITS: SkipLimits = { age: 12, motion: 0.04, tiles: 0.03, disagreement: 0.012 };
const STILL = { age: 3, motion: 0.01, tiles: 0.01, disagreement: 0.004 };

/** How far mouth, eyes or nose changed beyond grain, as the sighter sees it. */
function changeTo(shown: Shown, grain = 0): number {
  const first = viewOf(drawHead({ grain, seed: 1 }), HEAD);
  const before = viewOf(drawHead({ grain, seed: 2 }), HEAD, first);
  const here = viewOf(drawHead({ grain, seed: 3, ...shown }), HEAD, first);
  const noise = tileChange(before, HEAD, here, IDENTITY3).nose;
  return beyondGrain(tileChange(first, HEAD, here, IDENTITY3), noise);
}

describe('the landmark network', () => {
  it('is skipped while a face keeps still', () => {
    expect(verdictOf(STILL, LIMITS)).toBe('skip');
  });

  it('runs when the face has moved, and where motion could not be measured', () => {
    expect(verdictOf({ ...STILL, motion: 0.05 }, LIMITS)).toBe('motion');
    expect(verdictOf({ ...STILL, motion: Infinity, tiles: Infinity }, LIMITS)).toBe('motion');
  });

  it('runs when a tile has changed', () => {
    expect(verdictOf({ ...STILL, tiles: 0.04 }, LIMITS)).toBe('tiles');
  });

  it('runs while its answers are noisy, and until that is known', () => {
    expect(verdictOf({ ...STILL, disagreement: 0.02 }, LIMITS)).toBe('unsure');
    expect(verdictOf({ ...STILL, disagreement: Infinity }, LIMITS)).toBe('unsure');
  });

  it('runs when the age limit is reached', () => {
    expect(verdictOf({ ...STILL, age: 11 }, LIMITS)).toBe('skip');
    expect(verdictOf({ ...STILL, age: 12 }, LIMITS)).toBe('age');
  });

  it('is never skipped where the preset says so', () => {
    expect(verdictOf({ age: 1, motion: 0, tiles: 0, disagreement: 0 }, { ...LIMITS, age: 0 })).toBe('age');
  });

  it('runs sooner on a face that was carried badly', () => {
    expect(verdictOf({ ...STILL, motion: 0.03 }, LIMITS)).toBe('skip');
    expect(verdictOf({ ...STILL, motion: 0.03 }, LIMITS, 2)).toBe('motion');
    expect(verdictOf({ ...STILL, tiles: 0.02 }, LIMITS, 2)).toBe('tiles');
    expect(verdictOf({ ...STILL, age: 6 }, LIMITS, 2)).toBe('age');
  });
});

describe('the change of a face', () => {
  it('is below the limit where nothing changes, with grain and without', () => {
    expect(changeTo({})).toBeLessThan(0.001);
    for (const grain of [3, 6]) expect(changeTo({}, grain)).toBeLessThan(0.6 * LIMITS.tiles);
  });

  it('does not count exposure', () => {
    expect(changeTo({ gain: 1.03 })).toBeLessThan(0.2 * LIMITS.tiles);
    expect(changeTo({ gain: 0.8 })).toBeLessThan(0.5 * LIMITS.tiles);
  });

  it('shows a mouth that begins to open, eyes that close, and a hand', () => {
    for (const grain of [0, 3]) {
      expect(changeTo({ mouth: 0.25 }, grain)).toBeGreaterThan(LIMITS.tiles);
      expect(changeTo({ blink: 0.5 }, grain)).toBeGreaterThan(LIMITS.tiles);
      expect(changeTo({ covered: 0.45 }, grain)).toBeGreaterThan(LIMITS.tiles);
    }
  });
});

describe('the extent of a motion', () => {
  it('is the farthest shift of any part of the face, over the distance between the eyes', () => {
    const [x, y] = fivePoints(HEAD).slice(4) as [number, number];
    expect(extentOf(IDENTITY3, HEAD)).toBe(0);
    expect(extentOf(inSpace({ a: 1, b: 0, tx: 3, ty: 4 }), HEAD)).toBeCloseTo(5 / INTER_OCULAR, 6);
    // A growth of 2 % about the nose moves the corners of the face by 2 % of √2 distances.
    const grown = inSpace({ a: 1.02, b: 0, tx: -0.02 * x, ty: -0.02 * y });
    expect(extentOf(grown, HEAD)).toBeCloseTo(0.02 * Math.SQRT2, 6);
  });
});

describe('the change of a face that leaves the view', () => {
  /** Of the mouth, where the head went down by so many distances between the eyes while the view stayed. */
  const mouthDown = (distances: number) => {
    const down = { a: 1, b: 0, tx: 0, ty: distances * INTER_OCULAR };
    const first = viewOf(drawHead(), HEAD);
    const here = viewOf(drawHead({ motion: down }), HEAD, first);
    return tileChange(first, HEAD, here, inSpace(down)).mouth;
  };

  it('is that of what both views show', () => {
    expect(mouthDown(0.5)).toBeLessThan(0.02);
    expect(mouthDown(0.65)).toBeLessThan(0.02);
  });

  it('is not known where they show less than half of a tile', () => {
    expect(mouthDown(1.2)).toBe(Infinity);
  });
});
