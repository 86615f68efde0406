import { describe, expect, it } from 'vitest';
import { typedRange, typedValue } from '../../../src/page/decide/setting-value.ts';

describe('the typed value of a setting', () => {
  it.each([
    ['0.8', 0.8],
    [' -12 ', -12],
    ['.5', 0.5],
    ['1e3', 1000],
    ['true', true],
    ['false', false],
    ['bilateral', 'bilateral'],
    ['0,8', '0,8'],
    ['0x10', '0x10'],
    ['Infinity', 'Infinity'],
    ['', null],
    ['  ', null],
  ])('is what it reads as: "%s"', (text, value) => {
    expect(typedValue(text)).toBe(value);
  });
});

describe('a typed range of frames', () => {
  const reel = { first: 1001, in: 10, out: 20 };

  it('is counted from 0, and goes up to the frame after the last', () => {
    expect(typedRange('1011', ' 1020 ', reel)).toEqual({ in: 10, out: 20 });
    expect(typedRange('1015', '1015', reel)).toEqual({ in: 14, out: 15 });
  });

  it.each([
    ['1010', '1015'],
    ['1015', '1021'],
    ['', '1015'],
    ['1015', 'x'],
    ['1011.5', '1015'],
  ])('is refused where the reel does not have it: %s to %s', (first, last) => {
    expect(typedRange(first, last, reel)).toBe('The frames of this reel are 1011 to 1020.');
  });

  it('is refused where it runs backward', () => {
    expect(typedRange('1015', '1014', reel)).toBe('Frame 1015 comes after frame 1014.');
  });
});
