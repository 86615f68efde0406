import { describe, expect, it } from 'vitest';
import { boxMeans } from '../../../src/compute/cpu/filter/box-blur.ts';
import { enlarged } from '../../../src/compute/cpu/filter/enlarge.ts';
import { doubled } from '../../../src/compute/cpu/filter/half-size.ts';
import { valueAtShare } from '../../../src/compute/cpu/filter/selection.ts';
import { FRESH } from '../../../src/compute/cpu/float-pool.ts';
import { positions, sampleAffine } from '../../../src/compute/cpu/plate/affine-positions.ts';
import { quantile } from '../../../src/motion/quantile.ts';
import { seededPlane } from '../seeded-images.ts';

const SIZE = 64;

describe('boxMeans', () => {
  it('keep what is not a number within its window', () => {
    const plane = seededPlane(SIZE, 71);
    const broken = Float32Array.from(plane);
    broken[20 * SIZE + 20] = Number.NaN;
    const [whole, holed] = [plane, broken].map((one) => boxMeans(one, SIZE, { radius: 3, passes: 1 }, FRESH)) as [
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < whole.length; i++) {
      const isNear = Math.abs((i % SIZE) - 20) <= 3 && Math.abs(Math.floor(i / SIZE) - 20) <= 3;
      if (isNear) expect(holed[i]).toBeNaN();
      // A block that holds it ends or begins beside windows that do not.
      else expect(holed[i]).toBe(whole[i]);
    }
  });

  it('give a window the same mean wherever in a picture it lies', () => {
    const plane = seededPlane(SIZE, 72);
    const moved = new Float32Array(SIZE * SIZE);
    for (let y = 0; y < SIZE; y++) moved.set(plane.subarray(y * SIZE, y * SIZE + SIZE - 5), y * SIZE + 5);
    const [here, there] = [plane, moved].map((one) => boxMeans(one, SIZE, { radius: 4, passes: 1 }, FRESH)) as [
      Float32Array,
      Float32Array,
    ];
    for (let y = 0; y < SIZE; y++) {
      for (let x = 4; x < SIZE - 9; x++) {
        expect(there[y * SIZE + x + 5]).toBeCloseTo(here[y * SIZE + x] as number, 6);
      }
    }
  });
});

describe('valueAtShare', () => {
  it.each([1, 2, 7, 500, 5000])('finds the element that sorting finds, of %i values of either sign', (count) => {
    const values = seededPlane(128, 73)
      .subarray(0, count)
      .map((v, i) => (i % 3 === 0 ? 0 : v - 0.5) * 10 ** ((i % 9) - 4));
    const before = values.slice();
    for (const q of [0, 0.1, 0.5, 0.995, 1]) expect(valueAtShare(values, q)).toBe(quantile(values.slice(), q));
    expect(values).toEqual(before);
  });

  it('finds nothing among no values', () => {
    expect(valueAtShare(new Float32Array(0), 0.5)).toBeNaN();
  });
});

describe('doubled', () => {
  it('is the enlarger at twice the side, but for rounding', () => {
    const plane = seededPlane(SIZE, 74);
    const expected = enlarged(plane, SIZE, 2 * SIZE);
    doubled(plane, SIZE).forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i] as number, 6);
    });
  });
});

describe('sampleAffine', () => {
  it('finds the same values however far from the picture’s edge', () => {
    const plane = seededPlane(SIZE, 75);
    const sampled = (away: number) => {
      const at = {
        columnX: positions(20, (i) => 1.0137 * i),
        columnY: positions(20, (i) => -0.011 * i),
        rowX: positions(20, (j) => away + 17.3 + 0.011 * j, away),
        rowY: positions(20, (j) => away + 21.7 + 1.0137 * j, away),
      };
      const out = new Float32Array(400);
      sampleAffine(plane, { width: SIZE, height: SIZE }, { at, stretchX: 1, stretchY: 1 }, out, FRESH);
      return out;
    };
    const near = sampled(0);
    sampled(8192).forEach((v, i) => {
      expect(v).toBeCloseTo(near[i] as number, 6);
    });
  });
});
