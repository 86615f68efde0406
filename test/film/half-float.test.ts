import { describe, expect, it } from 'vitest';
import { floatsOfHalves, fromHalf, halvesOfFloats, toHalf } from '../../src/film/half-float.ts';

const HALVES = Uint16Array.from({ length: 65536 }, (_, half) => half);
const INFINITY = 0x7c00;
const isNumber = (half: number) => (half & 0x7fff) <= INFINITY;

/** The floats next to a float that is not 0. */
function nextTo(value: number): readonly [towardsZero: number, away: number] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const word = view.getUint32(0);
  const at = (other: number) => {
    view.setUint32(0, other);
    return view.getFloat32(0);
  };
  return [at(word - 1), at(word + 1)];
}

describe('a binary16 number', () => {
  it('comes back as it was from each of its values, minus zero and both infinities among them', () => {
    const there = floatsOfHalves(HALVES);
    const back = halvesOfFloats(there);
    expect(HALVES.filter((half) => isNumber(half) && back[half] !== half)).toHaveLength(0);
    expect(Object.is(there[0x8000], -0)).toBe(true);
    expect(there[0xfc00]).toBe(-Infinity);
  });

  it('is not-a-number for not-a-number of either sign', () => {
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
    expect([...HALVES].filter((half) => !isNumber(half)).every((half) => Number.isNaN(fromHalf(half)))).toBe(true);
  });

  it('is the nearest one for floats between two, and the even one half way, subnormal or not', () => {
    const wrong: number[] = [];
    for (let half = 0; half < INFINITY - 1; half++) {
      const between = (fromHalf(half) + fromHalf(half + 1)) / 2;
      const [below, above] = nextTo(between);
      const even = half % 2 === 0 ? half : half + 1;
      for (const sign of [0, 0x8000]) {
        const signed = (value: number) => (sign ? -value : value);
        if (toHalf(signed(between)) !== (sign | even)) wrong.push(half);
        if (toHalf(signed(below)) !== (sign | half)) wrong.push(half);
        if (toHalf(signed(above)) !== (sign | (half + 1))) wrong.push(half);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is infinity from half way behind the largest number on', () => {
    expect(toHalf(65519.99609375)).toBe(INFINITY - 1);
    expect(toHalf(65520)).toBe(INFINITY);
    expect(toHalf(-3e38)).toBe(0x8000 | INFINITY);
  });

  it('is zero for what is at most half the smallest', () => {
    expect(toHalf(2 ** -25)).toBe(0);
    expect(toHalf(-(2 ** -25))).toBe(0x8000);
    expect(toHalf(nextTo(2 ** -25)[1])).toBe(1);
  });
});
