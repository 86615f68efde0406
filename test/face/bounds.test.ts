import { describe, expect, it } from 'vitest';
import { maskBounds } from '../../src/face/mask-bounds.ts';
import { polygonBounds } from '../../src/face/polygon-bounds.ts';

const SIZE = 6;

/** A mask that is above 0 in these pixels, x and y each. */
function maskOf(...pixels: readonly (readonly [number, number])[]): Float32Array {
  const mask = new Float32Array(SIZE * SIZE);
  for (const [x, y] of pixels) mask[y * SIZE + x] = 0.1;
  return mask;
}

describe('the bounds of a mask', () => {
  it('hold every pixel above 0, and no row or column more', () => {
    expect(maskBounds(maskOf([2, 1], [4, 3], [1, 2]), SIZE)).toEqual({ x: 1, y: 1, width: 4, height: 3 });
    expect(maskBounds(maskOf([0, 0], [5, 5]), SIZE)).toEqual({ x: 0, y: 0, width: 6, height: 6 });
    expect(maskBounds(maskOf([3, 4]), SIZE)).toEqual({ x: 3, y: 4, width: 1, height: 1 });
  });

  it('are none of an empty one', () => {
    expect(maskBounds(maskOf(), SIZE)).toBeUndefined();
  });
});

describe('the bounds of a polygon', () => {
  it('hold its corners', () => {
    expect(polygonBounds(Float32Array.of(2, 1, -3, 5, 4, 0.5))).toEqual({ left: -3, top: 0.5, right: 4, bottom: 5 });
  });
});
