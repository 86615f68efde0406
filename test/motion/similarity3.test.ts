import { describe, expect, it } from 'vitest';
import {
  carryPoints,
  compose3,
  IDENTITY3,
  inPlane,
  inSpace,
  invert3,
  motionAbout,
  motionSeenFrom,
  root3,
  type Similarity3,
} from '../../src/motion/similarity3.ts';
import { mulberry32 } from './texture.ts';

const CENTRE = [160, 140, -20] as const;

/** Any motion of a head from frame to frame. */
function drawn(seed: number) {
  const random = mulberry32(seed);
  const next = (size: number) => size * (2 * random() - 1);
  return {
    centre: CENTRE,
    growth: next(0.05),
    roll: next(0.1),
    yaw: next(0.2),
    pitch: next(0.15),
    right: next(10),
    down: next(8),
  };
}

function expectSame(a: Similarity3, b: Similarity3): void {
  a.m.forEach((v, i) => {
    expect(v).toBeCloseTo(b.m[i] as number, 9);
  });
  a.t.forEach((v, i) => {
    expect(v).toBeCloseTo(b.t[i] as number, 7);
  });
}

describe('a motion in space', () => {
  it('and its inverse cancel', () => {
    for (const seed of [1, 2, 3]) {
      const motion = motionAbout(drawn(seed));
      expectSame(compose3(invert3(motion), motion), IDENTITY3);
      expectSame(compose3(motion, invert3(motion)), IDENTITY3);
    }
  });

  it('is read as it was written', () => {
    for (const seed of [4, 5, 6]) {
      const about = drawn(seed);
      const read = motionSeenFrom(CENTRE, motionAbout(about));
      for (const key of ['growth', 'roll', 'yaw', 'pitch', 'right', 'down'] as const) {
        expect(read[key]).toBeCloseTo(about[key], 9);
      }
    }
  });

  it('keeps the distances between points, up to its scale', () => {
    const about = drawn(7);
    const points = carryPoints(motionAbout(about), Float32Array.of(100, 90, 5, 180, 150, -30));
    const [x, y, z] = [0, 1, 2].map((c) => (points[3 + c] as number) - (points[c] as number)) as [
      number,
      number,
      number,
    ];
    const scale = Math.hypot(1 + about.growth, about.roll);
    expect(Math.hypot(x, y, z)).toBeCloseTo(scale * Math.hypot(80, 60, 35), 3);
  });

  it('of the plane moves the plane alike', () => {
    const move = { a: 1.02, b: -0.1, tx: 4, ty: 7 };
    expect(inPlane(inSpace(move), 9)).toEqual(move);
    const [x, y] = carryPoints(inSpace(move), Float32Array.of(10, 20, 3));
    expect(x).toBeCloseTo(1.02 * 10 + 0.1 * 20 + 4, 5);
    expect(y).toBeCloseTo(-0.1 * 10 + 1.02 * 20 + 7, 5);
  });

  it('is its root, applied as often as it was divided', () => {
    for (const motion of [motionAbout(drawn(8)), inSpace({ a: 1, b: 0, tx: 5, ty: 1 }), IDENTITY3]) {
      const part = root3(motion, 3);
      expectSame(compose3(part, compose3(part, part)), motion);
    }
  });
});
