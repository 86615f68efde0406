import { describe, expect, it } from 'vitest';
import { counted, numbersOf, timecodeAt } from '../../src/page/frame-words.ts';

const REEL = { first: 1001, timecode: '01:00:00:00', rate: { num: 24000, den: 1001 } };

describe('frames in words', () => {
  it('have the numbers that people give them, the last one of a range included', () => {
    expect(numbersOf(REEL, { in: 0, out: 22 })).toBe('1001–1022');
    expect(numbersOf(REEL, { in: 5, out: 6 })).toBe('1006');
  });

  it('have timecode where the reel has, counted by its nominal rate', () => {
    expect(timecodeAt(REEL, 25)).toBe('01:00:01:01');
    expect(timecodeAt({ ...REEL, timecode: null }, 25)).toBeNull();
  });

  it('are one or several', () => {
    expect([counted(1, 'frame'), counted(2, 'frame'), counted(0, 'person', 'people')]).toEqual([
      '1 frame',
      '2 frames',
      '0 people',
    ]);
  });
});
