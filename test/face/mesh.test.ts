import { expect, test } from 'vitest';
import { CANONICAL_TRIANGLES } from '../../src/face/canonical-face.ts';
import type { DenseMap } from '../../src/face/dense-map.ts';
import { LANDMARK_COUNT } from '../../src/face/landmarks.ts';
import { meshWarp, rigidSimilarity } from '../../src/face/mesh.ts';
import { EXPRESSIVENESS, FACE_OVAL, LIPS_INNER, STEADY_POINTS } from '../../src/face/regions.ts';
import { applyX, applyY, type Similarity, transformLandmarks } from '../../src/face/similarity.ts';
import { gaussianNoise } from '../motion/texture.ts';
import { drawFace } from './drawn-face.ts';
import { NOSE } from './nose.ts';
import { stretchOf } from './stretch.ts';

const SIZE = 256;
const FACE = drawFace({ x: 128, y: 140, interOcular: 63 });
const MOVE: Similarity = { a: 1.7, b: 0.3, tx: 40, ty: -12 };

/** The map at a patch point, between the centres of four pixels. */
function lookUp({ size, xy }: DenseMap, x: number, y: number): [number, number] {
  const i = Math.floor(x - 0.5);
  const j = Math.floor(y - 0.5);
  const fx = x - 0.5 - i;
  const fy = y - 0.5 - j;
  const at = (di: number, dj: number, c: number) => xy[2 * ((j + dj) * size + i + di) + c] as number;
  return [0, 1].map(
    (c) => (1 - fy) * ((1 - fx) * at(0, 0, c) + fx * at(1, 0, c)) + fy * ((1 - fx) * at(0, 1, c) + fx * at(1, 1, c)),
  ) as [number, number];
}

test('the triangulation is one sheet without a hole, and its rim is the face oval in order', () => {
  const sides = new Map<string, number>();
  for (let t = 0; t < CANONICAL_TRIANGLES.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const a = CANONICAL_TRIANGLES[t + k] as number;
      const b = CANONICAL_TRIANGLES[t + ((k + 1) % 3)] as number;
      const key = `${Math.min(a, b)}-${Math.max(a, b)}`;
      sides.set(key, (sides.get(key) ?? 0) + 1);
    }
  }
  const rim = new Set([...sides].filter(([, n]) => n === 1).map(([key]) => key));
  const oval = FACE_OVAL.map((a, k) => {
    const b = FACE_OVAL[(k + 1) % FACE_OVAL.length] as number;
    return `${Math.min(a, b)}-${Math.max(a, b)}`;
  });
  expect(new Set(CANONICAL_TRIANGLES).size).toBe(LANDMARK_COUNT);
  expect(rim).toEqual(new Set(oval));
});

test('two faces of one shape give the similarity between them everywhere', () => {
  const map = meshWarp(FACE, transformLandmarks(MOVE, FACE), SIZE);
  let worst = 0;
  for (let j = 0; j < SIZE; j++) {
    for (let i = 0; i < SIZE; i++) {
      const o = 2 * (j * SIZE + i);
      worst = Math.max(
        worst,
        Math.abs((map.xy[o] as number) - applyX(MOVE, i + 0.5, j + 0.5)),
        Math.abs((map.xy[o + 1] as number) - applyY(MOVE, i + 0.5, j + 0.5)),
      );
    }
  }
  expect(worst).toBeLessThan(1e-3);
});

test('each landmark of the face in the patch is looked up at the same landmark of the source', () => {
  const noise = gaussianNoise(3);
  const source = transformLandmarks(MOVE, drawFace({ x: 128, y: 140, interOcular: 63, mouth: 0.2 })).map(
    (v) => v + noise(),
  );
  const map = meshWarp(FACE, source, SIZE, { smoothing: 0 });
  const errors: number[] = [];
  for (const i of [...STEADY_POINTS, ...NOSE]) {
    const [x, y] = lookUp(map, FACE[3 * i] as number, FACE[3 * i + 1] as number);
    errors.push(Math.hypot(x - (source[3 * i] as number), y - (source[3 * i + 1] as number)));
  }
  errors.sort((a, b) => a - b);
  expect(errors[errors.length >> 1]).toBeLessThan(0.3);
  expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(1.2);
});

test('outside the ring the map is the similarity of the rigid points, and it is continuous up to there', () => {
  const source = transformLandmarks(MOVE, drawFace({ x: 128, y: 140, interOcular: 63, yaw: 0.2, pitch: 0.1 }));
  const map = meshWarp(FACE, source, SIZE);
  const rigid = rigidSimilarity(FACE, source);
  for (const [i, j] of [
    [2, 2],
    [250, 10],
    [4, 250],
  ] as const) {
    expect(map.xy[2 * (j * SIZE + i)]).toBeCloseTo(applyX(rigid, i + 0.5, j + 0.5), 3);
    expect(map.xy[2 * (j * SIZE + i) + 1]).toBeCloseTo(applyY(rigid, i + 0.5, j + 0.5), 3);
  }
  let step = 0;
  for (let o = 0; o + 2 < map.xy.length; o += 2) {
    if ((o / 2 + 1) % SIZE === 0) continue;
    step = Math.max(
      step,
      Math.hypot(
        (map.xy[o + 2] as number) - (map.xy[o] as number),
        (map.xy[o + 3] as number) - (map.xy[o + 1] as number),
      ),
    );
  }
  expect(step).toBeLessThan(1.75 * 2.5);
});

test('an open mouth does not move the head', () => {
  const open = drawFace({ x: 128, y: 140, interOcular: 63, mouth: 0.4 });
  const rigid = rigidSimilarity(FACE, open);
  expect(Math.hypot(applyX(rigid, 128, 120) - 128, applyY(rigid, 128, 120) - 120)).toBeLessThan(2);
});

test('a turned head folds nothing over the cheek that is seen', () => {
  const turned = drawFace({ x: 128, y: 140, interOcular: 63, yaw: 0.7 });
  const map = meshWarp(turned, FACE, SIZE);
  // A point in the middle of the near cheek: what is seen there is the cheek, not the far side of the face.
  const [x, y] = lookUp(map, turned[3 * 205] as number, turned[3 * 205 + 1] as number);
  expect(Math.hypot(x - (FACE[3 * 205] as number), y - (FACE[3 * 205 + 1] as number))).toBeLessThan(1);
  expect(map.xy.every(Number.isFinite)).toBe(true);
});

test('stretch tells a fold from a similarity', () => {
  const map = meshWarp(FACE, transformLandmarks(MOVE, FACE), SIZE);
  const scale = Math.hypot(MOVE.a, MOVE.b);
  expect(stretchOf(map, scale).least).toBeCloseTo(1, 2);
  expect(stretchOf(map, scale).greatest).toBeCloseTo(1, 2);
  const mirrored = { size: SIZE, xy: map.xy.map((v, k) => (k % 2 === 0 ? -v : v)) };
  expect(stretchOf(mirrored, scale).greatest).toBeLessThan(0);
});

test('lips and lids move with expression, the nose does not', () => {
  expect(LIPS_INNER.every((i) => EXPRESSIVENESS[i] === 1)).toBe(true);
  expect(EXPRESSIVENESS[152]).toBe(1);
  expect(EXPRESSIVENESS[5]).toBeLessThan(0.1);
  expect(STEADY_POINTS.length).toBeGreaterThan(60);
  expect(STEADY_POINTS.some((i) => LIPS_INNER.includes(i) || FACE_OVAL.includes(i))).toBe(false);
});
