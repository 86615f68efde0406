import { describe, expect, it } from 'vitest';
import { rational } from '../../src/film/rational.ts';
import { advanceTimecode, framesFrom, timecodeFault } from '../../src/film/timecode.ts';

const film = rational(24000, 1001);
const ntsc = rational(30000, 1001);

describe('A timecode some frames later', () => {
  const cases: readonly [label: string, frames: number, rate: typeof film, expected: string | null][] = [
    ['10:00:00:00', 0, film, '10:00:00:00'],
    ['10:00:59:23', 1, film, '10:01:00:00'],
    ['01:00:00:00', 24 * 3600, film, '02:00:00:00'],
    ['23:59:59:24', 1, rational(25), '00:00:00:00'],
    ['00:00:59;29', 1, ntsc, '00:01:00;02'],
    ['00:09:59;29', 1, ntsc, '00:10:00;00'],
    ['00:00:00;00', 17982, ntsc, '00:10:00;00'],
    ['00:00:00;00', 107892, ntsc, '01:00:00;00'],
    ['00:01:00;02', -1, ntsc, '00:00:59;29'],
    ['00:00:59;59', 1, rational(60000, 1001), '00:01:00;04'],
    ['00:00:59:29', 1, ntsc, '00:01:00:00'],
    ['not a label', 1, film, null],
  ];
  for (const [label, frames, rate, expected] of cases) {
    it(`${label} + ${frames} at ${rate.num}/${rate.den} is ${expected}`, () => {
      expect(advanceTimecode(label, frames, rate)).toBe(expected);
    });
  }
});

describe('A label', () => {
  it('is as many frames from the first label as the rate counts between them', () => {
    expect(framesFrom('01:00:00:00', '01:00:10:12', film)).toBe(252);
    expect(framesFrom('00:00:59;29', '00:01:00;02', ntsc)).toBe(1);
    expect(framesFrom('23:59:59:24', '00:00:00:00', rational(25))).toBe(1);
  });

  it('is found by its distance: every frame of twenty drop-frame minutes has a label of its own', () => {
    const start = '00:59:00;02';
    const wrong: string[] = [];
    for (let frame = 0; frame < 20 * 1800; frame++) {
      const label = advanceTimecode(start, frame, ntsc) as string;
      if (timecodeFault(label, start, ntsc) !== null || framesFrom(start, label, ntsc) !== frame) wrong.push(label);
    }
    expect(wrong).toEqual([]);
  });

  it('may exist at 59.94 where it is dropped at 29.97, and the other way round', () => {
    expect(timecodeFault('00:01:00;02', '00:00:00;00', ntsc)).toBeNull();
    expect(timecodeFault('00:01:00;02', '00:00:00;00', rational(60000, 1001))).toBe(
      'drop-frame counting skips that number; the minute begins with 00:01:00;04',
    );
  });
});
