import { describe, expect, it } from 'vitest';
import type { FaceFigures } from '../../src/report/face-figures.ts';
import { badnessOf } from '../../src/review/badness.ts';

/** A face in which nothing was measured. */
const UNMEASURED: FaceFigures = {
  ...{ restored: 10, refused: 0, leftAlone: [], inPart: [], dirt: null, averaged: null, grain: null, blur: null },
  ...{ gate: null, sharpness: null, change: null, likeness: null },
};

const badness = (figures: Partial<FaceFigures>, flicker: number | null = null) =>
  badnessOf({ faces: { a: { ...UNMEASURED, ...figures } }, flicker: { a: { hf2LpRatio: flicker } } }, 'a');

describe('how bad a face may be', () => {
  it('is 1 where one figure is about worth a look, and names it', () => {
    expect(badness({}, 1.25)).toMatchObject({ score: 1, most: 'flicker' });
  });

  it('adds up what each figure is, and names the one that counts most', () => {
    const figures = {
      refused: 5,
      restored: 5,
      likeness: { sampled: 4, before: 0.6, after: 0.5, gain: -0.1, leastGain: -0.2 },
    };
    const { score, most } = badness(figures, 1.25);
    expect(score).toBeCloseTo(1 + 1.5 + 0.5);
    expect(most).toBe('likenessLost');
  });

  it('is 0 and names nothing where restoring made nothing worse', () => {
    const likeness = { sampled: 4, before: 0.5, after: 0.6, gain: 0.1, leastGain: 0 };
    expect(badness({ likeness, sharpness: { before: 1, after: 2 } }, 0.9)).toMatchObject({ score: 0, most: null });
  });
});
