import { expect, test } from 'vitest';
import { faceMatte, insideDistance } from '../../src/face/matte.ts';
import { BAND_DIRECTIONS } from '../../src/face/observation.ts';
import { faceOutline, outlineDirections } from '../../src/face/outline.ts';
import { FACE_OVAL } from '../../src/face/regions.ts';
import { drawFace } from './drawn-face.ts';

const SIZE = 256;
const FACE = { x: 128, y: 140, interOcular: 63 };

const at = (matte: Float32Array, x: number, y: number) =>
  matte[Math.round(y - 0.5) * SIZE + Math.round(x - 0.5)] as number;

test('eyes, nose and mouth are inside, hair and background are not', () => {
  const face = drawFace(FACE);
  const matte = faceMatte(face, SIZE);
  for (const i of [33, 263, 1, 61, 291, 17, 105, 334]) {
    expect(at(matte, face[3 * i] as number, face[3 * i + 1] as number)).toBeGreaterThan(0.95);
  }
  for (const i of FACE_OVAL.slice(8, 29)) {
    expect(at(matte, face[3 * i] as number, face[3 * i + 1] as number)).toBeLessThan(0.1);
  }
  expect(Math.max(...matte)).toBe(1);
  expect(at(matte, 128, 4)).toBe(0);
});

test('the forehead is raised above the oval by its share of the face', () => {
  const face = drawFace({ ...FACE, roll: 0.4 });
  const [x, y] = faceOutline(face, { forehead: 0.16 });
  const height = Math.hypot(
    (face[30] as number) - (face[3 * 152] as number),
    (face[31] as number) - (face[3 * 152 + 1] as number),
  );
  const rise = Math.hypot((x as number) - (face[30] as number), (y as number) - (face[31] as number));
  expect(rise / height).toBeCloseTo(0.16, 2);
  const [plainX, plainY] = faceOutline(face, { forehead: 0 });
  expect(plainX).toBeCloseTo(face[30] as number, 4);
  expect(plainY).toBeCloseTo(face[31] as number, 4);
});

test('the edge of a patch is zero even where the face reaches over it', () => {
  const matte = faceMatte(drawFace({ x: 100, y: 200, interOcular: 120 }), SIZE);
  for (let i = 0; i < SIZE; i++) {
    for (const k of [i, i + SIZE * (SIZE - 1), i * SIZE, i * SIZE + SIZE - 1]) expect(matte[k]).toBe(0);
  }
  expect(faceMatte(drawFace({ x: 900, y: 900, interOcular: 63 }), SIZE).every((v) => v === 0)).toBe(true);
});

test('a matte moves with its face, by as little as a tenth of a pixel', () => {
  // The matte at x of a face at x0 must be that at x + d of a face at x0 + d: compare with a shift by a whole pixel, in tenths.
  const still = faceMatte(drawFace(FACE), SIZE);
  const moved = Array.from({ length: 10 }, (_, k) => faceMatte(drawFace({ ...FACE, x: 128 + (k + 1) / 10 }), SIZE));
  const last = moved[9] as Float32Array;
  let shifted = 0;
  let uneven = 0;
  for (let y = 40; y < 230; y++) {
    for (let x = 10; x < 240; x++) {
      const k = y * SIZE + x;
      shifted = Math.max(shifted, Math.abs((last[k] as number) - (still[k - 1] as number)));
      let before = still[k] as number;
      const steps = moved.map((m) => {
        const step = (m[k] as number) - before;
        before = m[k] as number;
        return step;
      });
      uneven = Math.max(uneven, Math.max(...steps) - Math.min(...steps));
    }
  }
  expect(shifted).toBeLessThan(0.006);
  expect(uneven).toBeLessThan(0.005);
});

test('alpha has no step in its slope', () => {
  const matte = faceMatte(drawFace(FACE), SIZE);
  let bend = 0;
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      const k = y * SIZE + x;
      bend = Math.max(bend, Math.abs((matte[k - 1] as number) - 2 * (matte[k] as number) + (matte[k + 1] as number)));
    }
  }
  // A smoothstep over w pixels bends by 6 / w² a pixel; the soft edge is 0.16 · 63 wide.
  expect(bend).toBeLessThan((1.6 * 6) / (0.16 * 63) ** 2);
});

test('distances to a square are exact, negative outside', () => {
  const square = Float32Array.of(0, 0, 10, 0, 10, 10, 0, 10);
  expect(insideDistance(square, 5, 5)).toBe(5);
  expect(insideDistance(square, 1, 5)).toBe(1);
  expect(insideDistance(square, -3, -4)).toBe(-5);
  expect(insideDistance(square, 12, 10)).toBe(-2);
  expect(insideDistance(Float32Array.from([...square].reverse()), 5, 4)).toBe(4);
});

test('the outline seen from the middle lies on the outline, and turns with the face', () => {
  const upright = outlineDirections(drawFace(FACE));
  const turned = outlineDirections(drawFace({ ...FACE, roll: 0.5 }));
  expect(upright.radius).toHaveLength(BAND_DIRECTIONS);
  expect(turned.angle - upright.angle).toBeCloseTo(0.5, 4);
  const outline = faceOutline(drawFace(FACE));
  for (let d = 0; d < BAND_DIRECTIONS; d++) {
    const angle = upright.angle + (2 * Math.PI * d) / BAND_DIRECTIONS;
    const radius = upright.radius[d] as number;
    expect(
      Math.abs(insideDistance(outline, upright.x + radius * Math.cos(angle), upright.y + radius * Math.sin(angle))),
    ).toBeLessThan(1e-3);
    expect(turned.radius[d]).toBeCloseTo(radius, 3);
  }
});
