import { expect, test } from 'vitest';
import { fivePoints } from '../../src/face/landmarks.ts';
import { applyX, applyY, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { applyThinPlate, faceThinPlate, fitThinPlate, thinPlateMap } from '../../src/face/thin-plate.ts';
import { gaussianNoise, mulberry32 } from '../motion/texture.ts';
import { drawFace } from './drawn-face.ts';
import { stretchOf } from './stretch.ts';

function randomPoints(count: number, seed: number): number[] {
  const random = mulberry32(seed);
  return Array.from({ length: 2 * count }, () => 256 * random());
}

const at = (plate: Parameters<typeof applyThinPlate>[0], x: number, y: number): [number, number] => {
  const out = new Float64Array(2);
  applyThinPlate(plate, x, y, out);
  return [out[0] as number, out[1] as number];
};

test.each([1, 2, 3])('without stiffness every control point goes to its target (seed %i)', (seed) => {
  const from = randomPoints(40, seed);
  const noise = gaussianNoise(seed);
  const to = from.map((v) => 1.4 * v + 5 * noise());
  const plate = fitThinPlate(from, to, 64, 0);
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = at(plate, from[i] as number, from[i + 1] as number);
    expect(x).toBeCloseTo(to[i] as number, 6);
    expect(y).toBeCloseTo(to[i + 1] as number, 6);
  }
});

test('an affine map is recovered exactly whatever the stiffness, and bends nothing', () => {
  const from = randomPoints(30, 4);
  const to = from.map((_, i) => {
    const x = from[i - (i % 2)] as number;
    const y = from[i - (i % 2) + 1] as number;
    return i % 2 === 0 ? 3 + 1.2 * x - 0.3 * y : -7 + 0.1 * x + 0.8 * y;
  });
  for (const stiffness of [0, 1e-2, 10]) {
    const plate = fitThinPlate(from, to, 64, stiffness);
    expect(at(plate, 400, -50)[0]).toBeCloseTo(3 + 480 + 15, 5);
    expect(at(plate, 400, -50)[1]).toBeCloseTo(-7 + 40 - 40, 5);
    expect(Math.max(...plate.weights.map(Math.abs))).toBeLessThan(1e-6);
  }
});

test('stiffness averages noise away', () => {
  const from = randomPoints(60, 5);
  const noise = gaussianNoise(6);
  const to = from.map((v) => v + noise());
  const error = (stiffness: number) => {
    const plate = fitThinPlate(from, to, 64, stiffness);
    const tries = randomPoints(200, 7);
    let sum = 0;
    for (let i = 0; i < tries.length; i += 2) {
      const [x, y] = at(plate, tries[i] as number, tries[i + 1] as number);
      sum += (x - (tries[i] as number)) ** 2 + (y - (tries[i + 1] as number)) ** 2;
    }
    return Math.sqrt(sum / 200);
  };
  expect(error(1)).toBeLessThan(0.6 * error(0));
});

test('the dense map is within five hundredths of a pixel of the plate itself', () => {
  const target = drawFace({ x: 128, y: 140, interOcular: 63 });
  const plate = faceThinPlate(target, drawFace({ x: 128, y: 140, interOcular: 63, yaw: 0.2, mouth: 0.12 }));
  const map = thinPlateMap(plate, 256);
  let worst = 0;
  for (let k = 0; k < 256 * 256; k += 7) {
    const [x, y] = at(plate, (k % 256) + 0.5, Math.floor(k / 256) + 0.5);
    worst = Math.max(worst, Math.abs((map.xy[2 * k] as number) - x), Math.abs((map.xy[2 * k + 1] as number) - y));
  }
  expect(worst).toBeLessThan(1);
  const rms = Math.sqrt(
    Array.from({ length: 2000 }, (_, n) => {
      const k = n * 31;
      const [x, y] = at(plate, (k % 256) + 0.5, Math.floor(k / 256) + 0.5);
      return ((map.xy[2 * k] as number) - x) ** 2 + ((map.xy[2 * k + 1] as number) - y) ** 2;
    }).reduce((a, b) => a + b, 0) / 2000,
  );
  expect(rms).toBeLessThan(0.05);
});

test('a face is looked up at its own features, and far outside at the similarity between both', () => {
  const move: Similarity = { a: 1.8, b: -0.2, tx: 30, ty: 60 };
  const target = drawFace({ x: 128, y: 140, interOcular: 63 });
  const source = transformLandmarks(move, drawFace({ x: 128, y: 140, interOcular: 63, yaw: 0.15, pitch: 0.05 }));
  const plate = faceThinPlate(target, source);
  const from = fivePoints(target);
  const to = fivePoints(source);
  for (let i = 0; i < 10; i += 2) {
    const [x, y] = at(plate, from[i] as number, from[i + 1] as number);
    expect(Math.hypot(x - (to[i] as number), y - (to[i + 1] as number))).toBeLessThan(0.02 * 63 * 1.8);
  }
  const stretch = stretchOf(thinPlateMap(plate, 256), Math.hypot(move.a, move.b));
  expect(stretch.least).toBeGreaterThan(0.2);
  const plain = faceThinPlate(target, transformLandmarks(move, target));
  expect(at(plain, 0, 0)[0]).toBeCloseTo(applyX(move, 0, 0), 2);
  expect(at(plain, 256, 256)[1]).toBeCloseTo(applyY(move, 256, 256), 2);
});

test('points on a line are refused', () => {
  expect(() => fitThinPlate([0, 0, 1, 1, 2, 2, 3, 3], [0, 0, 1, 1, 2, 2, 3, 3], 1)).toThrow(
    'A thin plate needs three points or more that are not on one line.',
  );
});
