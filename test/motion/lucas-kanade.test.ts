import { expect, test } from 'vitest';
import { normaliseLocally } from '../../src/motion/local-normalise.ts';
import { followPoints } from '../../src/motion/lucas-kanade.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { pyramidOf } from '../../src/motion/pyramid.ts';
import { mulberry32, pictureOf, texture, withNoise } from './texture.ts';

const SIZE = 160;

function pointsIn(count: number, margin: number, seed: number): Float32Array {
  const random = mulberry32(seed);
  return Float32Array.from({ length: 2 * count }, () => margin + random() * (SIZE - 2 * margin));
}

/** The picture seen after a turn, a scale and a shift about its middle, and where its points go. */
function moved(seed: number, angle: number, scale: number, dx: number, dy: number) {
  const at = texture(seed);
  const c = SIZE / 2;
  const a = scale * Math.cos(angle);
  const b = scale * Math.sin(angle);
  const forward = (x: number, y: number): [number, number] => [
    c + a * (x - c) - b * (y - c) + dx,
    c + b * (x - c) + a * (y - c) + dy,
  ];
  const n = scale * scale;
  const picture = pictureOf(SIZE, SIZE, (x, y) => {
    const u = x - c - dx;
    const v = y - c - dy;
    return at(c + (a * u + b * v) / n, c + (-b * u + a * v) / n);
  });
  return { picture, forward };
}

function rms(points: Float32Array, found: Float32Array, forward: (x: number, y: number) => [number, number]): number {
  let sum = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = forward(points[i] as number, points[i + 1] as number);
    sum += ((found[i] as number) - x) ** 2 + ((found[i + 1] as number) - y) ** 2;
  }
  return Math.sqrt(sum / (points.length / 2));
}

const ready = (luma: Luma) => pyramidOf(normaliseLocally(luma, 14), 3);

test.each([
  ['a fraction of a pixel', 0, 1, 0.37, -0.21, 0.02],
  ['four pixels', 0, 1, 4.3, -2.9, 0.03],
  ['nine pixels', 0, 1, -7, 5.8, 0.06],
  ['a turn of 3° and 3 % of growth, within what a window that only shifts can know', 0.052, 1.03, 1.2, 0.8, 0.15],
])('points are followed through %s', (_, angle, scale, dx, dy, tolerance) => {
  const points = pointsIn(40, 30, 5);
  const still = pictureOf(SIZE, SIZE, texture(3));
  const { picture, forward } = moved(3, angle, scale, dx, dy);
  const flow = followPoints(ready(still), ready(picture), points);
  expect(flow.found.reduce((a, b) => a + b, 0)).toBe(40);
  expect(rms(points, flow.points, forward)).toBeLessThan(tolerance);
});

test('a change of exposure does not read as motion once the local mean is normalised', () => {
  const points = pointsIn(40, 30, 8);
  const still = pictureOf(SIZE, SIZE, texture(4));
  const brighter = { ...still, samples: still.samples.map((v) => 1.03 * v) };
  const stay = (x: number, y: number): [number, number] => [x, y];
  const plain = followPoints(pyramidOf(still, 3), pyramidOf(brighter, 3), points);
  const normalised = followPoints(ready(still), ready(brighter), points);
  expect(rms(points, normalised.points, stay)).toBeLessThan(0.02);
  expect(rms(points, plain.points, stay)).toBeGreaterThan(5 * rms(points, normalised.points, stay));
});

test('grain of four levels costs less than a tenth of a pixel', () => {
  const points = pointsIn(40, 30, 9);
  const still = withNoise(pictureOf(SIZE, SIZE, texture(6)), 4 / 255, 1);
  const { picture, forward } = moved(6, 0.01, 1, 2.2, 1.1);
  const flow = followPoints(ready(still), ready(withNoise(picture, 4 / 255, 2)), points);
  expect(rms(points, flow.points, forward)).toBeLessThan(0.1);
});

test('a point on a flat wall, and one that leaves the picture, are lost', () => {
  const at = texture(7);
  const wall = pictureOf(SIZE, SIZE, (x, y) => (x < 60 ? 0.5 : at(x, y)));
  const flow = followPoints(pyramidOf(wall, 1), pyramidOf(wall, 1), [25, 80, 110, 80]);
  expect([...flow.found]).toEqual([0, 1]);
  const gone = followPoints(pyramidOf(wall, 1), pyramidOf(wall, 1), [110, 80], { guess: [500, 80] });
  expect([...gone.found]).toEqual([0]);
});
