import { expect, test } from 'vitest';
import { phaseCorrelation } from '../../src/motion/phase-correlation.ts';
import { mulberry32, pictureOf, texture, withNoise } from './texture.ts';

/** A picture with detail down to the pixel, known between pixels. */
function scene(dx: number, dy: number, seed = 1) {
  const smooth = texture(seed);
  const random = mulberry32(seed);
  const spots = Array.from(
    { length: 120 },
    () => [random() * 200, random() * 160, 1.2 + 3 * random(), random() - 0.5] as const,
  );
  return pictureOf(160, 120, (x, y) => {
    let v = smooth(x - dx, y - dy);
    for (const [sx, sy, r, height] of spots) {
      const d = (x - dx - sx) ** 2 + (y - dy - sy) ** 2;
      if (d < 9 * r * r) v += height * Math.exp(-d / (r * r));
    }
    return v;
  });
}

test.each([
  [0, 0],
  [7, -3],
  [-21, 12],
  [4.4, 2.7],
])('a shift of %f, %f pixels is found', (dx, dy) => {
  const shift = phaseCorrelation(withNoise(scene(0, 0), 3 / 255, 1), withNoise(scene(dx, dy), 3 / 255, 2));
  expect(Math.abs(shift.dx - dx)).toBeLessThan(0.4);
  expect(Math.abs(shift.dy - dy)).toBeLessThan(0.4);
  expect(shift.peak).toBeGreaterThan(0.3);
});

test('exposure and contrast do not matter', () => {
  const b = scene(9, 5);
  const shift = phaseCorrelation(scene(0, 0), { ...b, samples: b.samples.map((v) => 0.1 + 0.6 * v) });
  expect(shift.dx).toBeCloseTo(9, 0);
  expect(shift.dy).toBeCloseTo(5, 0);
});

test('two different pictures have no peak', () => {
  expect(phaseCorrelation(withNoise(scene(0, 0, 1), 0.01, 1), withNoise(scene(0, 0, 2), 0.01, 2)).peak).toBeLessThan(
    0.2,
  );
});

test('pictures of two sizes are refused', () => {
  expect(() =>
    phaseCorrelation(
      pictureOf(64, 64, () => 0),
      pictureOf(64, 32, () => 0),
    ),
  ).toThrow('Pictures of one size were expected, got 64×64 and 64×32.');
});
