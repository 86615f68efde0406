import { describe, expect, it } from 'vitest';
import { faceDepth } from '../../../src/carry/track/face-depth.ts';

const SIZE = { width: 120, height: 100 };
/** A slope with a bump in its middle, known at every fifth pixel. */
const depthAt = (x: number, y: number) => 0.2 * x - 15 * Math.exp(-((x - 60) ** 2 + (y - 50) ** 2) / 400);
const POINTS = Float32Array.from(
  Array.from({ length: 25 * 21 }, (_, k) => [5 * (k % 25), 5 * Math.floor(k / 25)] as const).flatMap(([x, y]) => [
    x,
    y,
    depthAt(x, y),
  ]),
);

describe('the depth of a face', () => {
  it('is that of the landmarks around, with a bump a fifth too flat', () => {
    const pixels = Int32Array.from([25, 35, 50, 64, 75].flatMap((y) => [20, 43, 60, 75, 98].map((x) => 120 * y + x)));
    const depth = faceDepth(pixels, SIZE, POINTS, 4);
    pixels.forEach((p, k) => {
      expect(Math.abs((depth[k] as number) - depthAt((p % 120) + 0.5, Math.floor(p / 120) + 0.5))).toBeLessThan(3);
    });
  });

  it('is known up to the picture’s corners', () => {
    const depth = faceDepth(Int32Array.of(0, 119, 120 * 99, 120 * 100 - 1), SIZE, POINTS, 4);
    for (const v of depth) expect(Number.isFinite(v)).toBe(true);
  });
});
