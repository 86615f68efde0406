import { describe, expect, it } from 'vitest';
import { figureWords, scoreText } from '../../src/page/figures.ts';
import type { Badness } from '../../src/review/api.ts';

const BAD: Badness = {
  ...{ score: 2.34, flicker: 1.25, likenessLost: -0.0123, gate: 0.617, sharpness: 1.25, refusals: 0.1, change: 14.26 },
  most: 'sharpness',
};

describe('the figures of a face', () => {
  it('are named, the worst one first', () => {
    expect(figureWords(BAD).map(({ name, value, isWorst }) => `${name} ${value}${isWorst ? '!' : ''}`)).toEqual([
      'Sharpness × 0.80!',
      'Flicker × 1.25',
      'Likeness lost −0.012',
      'Gate closed 62 %',
      'Refused 10 %',
      'Change 14.3',
    ]);
  });

  it('leave out what was not measured', () => {
    const unmeasured = { flicker: null, likenessLost: null, gate: null, sharpness: null, change: null, most: null };
    expect(figureWords({ ...BAD, ...unmeasured }).map(({ name }) => name)).toEqual(['Refused']);
  });

  it('do not show a zero with a sign', () => {
    const shown = figureWords({ ...BAD, likenessLost: -0.0001 }).find(({ figure }) => figure === 'likenessLost');
    expect(shown?.value).toBe('0.000');
  });

  it('add up to a score of as many digits as matter', () => {
    expect([BAD, { ...BAD, score: 12.6 }].map(scoreText)).toEqual(['2.3', '13']);
  });
});
