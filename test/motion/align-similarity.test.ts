import { describe, expect, it } from 'vitest';
import { fitSimilarity } from '../../src/face/similarity.ts';
import { alignSimilarity } from '../../src/motion/align-similarity.ts';
import { followPoints } from '../../src/motion/lucas-kanade.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { type PyramidLevel, pyramidOf } from '../../src/motion/pyramid.ts';
import { inPlane, inSpace, motionAbout } from '../../src/motion/similarity3.ts';
import { gaussianNoise, pictureOf, texture, withNoise } from './texture.ts';

const SIZE = 120;
const MIDDLE = SIZE / 2;
/** A turn of 1°, one per cent of growth, and a shift. */
const [A, B] = [1.01 * Math.cos(0.0175), 1.01 * Math.sin(0.0175)];
const MOTION = { a: A, b: B, tx: 1.3 + MIDDLE - A * MIDDLE + B * MIDDLE, ty: -0.8 + MIDDLE - B * MIDDLE - A * MIDDLE };
const STILL = { a: 1, b: 0, tx: 0, ty: 0 };

/** The pixels of a disc in the middle. */
const PIXELS = Int32Array.from(
  Array.from({ length: SIZE * SIZE }, (_, p) => p).filter(
    (p) => Math.hypot((p % SIZE) - MIDDLE, Math.floor(p / SIZE) - MIDDLE) < 36,
  ),
);

/** Twelve points in the disc. */
const POINTS = Array.from({ length: 12 }, (_, k) => [
  MIDDLE + (k % 2 === 0 ? 12 : 26) * Math.cos((k * Math.PI) / 6),
  MIDDLE + (k % 2 === 0 ? 12 : 26) * Math.sin((k * Math.PI) / 6),
]).flat();

const at = texture(21);
const still = pictureOf(SIZE, SIZE, at);
const moved = pictureOf(SIZE, SIZE, (x, y) => {
  const [u, v] = [x - MOTION.tx, y - MOTION.ty];
  const square = A * A + B * B;
  return at((A * u + B * v) / square, (A * v - B * u) / square);
});

const level = (luma: Luma) => pyramidOf(luma, 1).levels[0] as PyramidLevel;

/** Greatest distance between two motions at the disc's corners, pixels. */
function apart(a: typeof MOTION, b: typeof MOTION): number {
  return Math.max(
    ...[
      [24, 60],
      [96, 60],
      [60, 24],
      [60, 96],
    ].map(([x, y]) => {
      const [dx, dy] = [x as number, y as number];
      return Math.hypot(
        (a.a - b.a) * dx - (a.b - b.b) * dy + a.tx - b.tx,
        (a.b - b.b) * dx + (a.a - b.a) * dy + a.ty - b.ty,
      );
    }),
  );
}

function aligned(from: Luma, to: Luma) {
  const found = alignSimilarity(level(from), level(to), { pixels: PIXELS }, inSpace(STILL));
  if (!found) throw new Error('Nothing was found.');
  return { motion: inPlane(found.motion, 0), agreeing: found.agreeing };
}

describe('the alignment of a part of a picture', () => {
  it('finds shift, turn and growth together, to a fiftieth of a pixel', () => {
    const { motion, agreeing } = aligned(still, moved);
    expect(apart(motion, MOTION)).toBeLessThan(0.02);
    expect(agreeing).toBeGreaterThan(0.9);
  });

  it('holds in grain, better than points that are followed', () => {
    let ours = 0;
    let points = 0;
    for (const seed of [1, 2, 3, 4]) {
      const [a, b] = [withNoise(still, 4 / 255, seed), withNoise(still, 4 / 255, 100 + seed)];
      ours += apart(aligned(a, b).motion, STILL) ** 2;
      const flow = followPoints(pyramidOf(a, 1), pyramidOf(b, 1), POINTS);
      points += apart(fitSimilarity(POINTS, flow.points), STILL) ** 2;
    }
    expect(Math.sqrt(ours / 4)).toBeLessThan(0.06);
    expect(ours).toBeLessThan(points);
  });

  it('is not disturbed by something that covers a fifth of it', () => {
    const covered = pictureOf(SIZE, SIZE, (x, y) =>
      x < 44 ? 0.1 : (moved.samples[Math.floor(y) * SIZE + Math.floor(x)] as number),
    );
    const { motion, agreeing } = aligned(still, covered);
    expect(apart(motion, MOTION)).toBeLessThan(0.1);
    expect(agreeing).toBeLessThan(0.9);
  });

  it('is none where nothing has texture', () => {
    const wall = level(pictureOf(SIZE, SIZE, () => 0.5));
    expect(alignSimilarity(wall, wall, { pixels: PIXELS }, inSpace(STILL))).toBeNull();
    expect(alignSimilarity(level(still), level(moved), { pixels: PIXELS.slice(0, 20) }, inSpace(STILL))).toBeNull();
  });
});

describe('the alignment of a solid', () => {
  /** A ball's near side, 30 pixels deep in the middle. */
  const depthAt = (x: number, y: number) =>
    -30 * Math.sqrt(Math.max(0, 1 - ((x - MIDDLE) ** 2 + (y - MIDDLE) ** 2) / 60 ** 2));
  const depth = Float32Array.from(PIXELS, (p) => depthAt((p % SIZE) + 0.5, Math.floor(p / SIZE) + 0.5));

  /** The solid's texture as it is seen once it has moved. */
  function seen(about: Omit<Parameters<typeof motionAbout>[0], 'centre'>): Luma {
    const { m, t } = motionAbout({ centre: [MIDDLE, MIDDLE, -20], ...about });
    const det = m[0] * m[4] - m[1] * m[3];
    return pictureOf(SIZE, SIZE, (x, y) => {
      let [u, v] = [x, y];
      // What is seen at (x, y) lies where its depth carries it there.
      for (let step = 0; step < 12; step++) {
        const z = depthAt(u, v);
        const [dx, dy] = [x - t[0] - m[2] * z, y - t[1] - m[5] * z];
        [u, v] = [(m[4] * dx - m[1] * dy) / det, (m[0] * dy - m[3] * dx) / det];
      }
      return at(u, v);
    });
  }

  const NONE = { growth: 0, roll: 0, yaw: 0, pitch: 0, right: 0, down: 0 };

  /** Greatest distance from the true motion, over the solid's pixels, pixels. */
  function errorOf(
    about: Omit<Parameters<typeof motionAbout>[0], 'centre'>,
    grain: number,
    seed: number,
    deep = depth,
  ): number {
    const found = alignSimilarity(
      level(withNoise(still, grain, seed)),
      level(withNoise(seen(about), grain, 50 + seed)),
      { pixels: PIXELS, depth: deep },
      inSpace(STILL),
    );
    if (!found) return Infinity;
    const truth = motionAbout({ centre: [MIDDLE, MIDDLE, -20], ...about });
    let most = 0;
    PIXELS.forEach((p, i) => {
      const point = [(p % SIZE) + 0.5, Math.floor(p / SIZE) + 0.5, depth[i] as number];
      const apart = (row: number) =>
        point.reduce((sum, v, c) => sum + v * ((found.motion.m[row + c] as number) - (truth.m[row + c] as number)), 0) +
        (found.motion.t[row / 3] as number) -
        (truth.t[row / 3] as number);
      most = Math.max(most, Math.hypot(apart(0), apart(3)));
    });
    return most;
  }

  it('finds a turn out of the plane together with the similarity, and four times closer in grain than a similarity alone', () => {
    for (const seed of [1, 2, 3]) {
      const random = gaussianNoise(seed);
      const about = {
        growth: 0.01 * random(),
        roll: 0.01 * random(),
        yaw: seed % 2 === 0 ? 0.16 : -0.14,
        pitch: 0.06,
        right: random(),
        down: random(),
      };
      expect(errorOf(about, 0, seed)).toBeLessThan(0.04);
      const flat = errorOf(about, 3 / 255, seed, new Float32Array(PIXELS.length));
      expect(errorOf(about, 3 / 255, seed)).toBeLessThan(flat / 4);
    }
  });

  it('finds no turn where only grain differs, and is as exact in the rest as without depth', () => {
    for (const seed of [1, 2, 3, 4]) {
      const [a, b] = [withNoise(still, 6 / 255, seed), withNoise(still, 6 / 255, 100 + seed)];
      const flat = alignSimilarity(level(a), level(b), { pixels: PIXELS }, inSpace(STILL));
      const solid = alignSimilarity(level(a), level(b), { pixels: PIXELS, depth }, inSpace(STILL));
      expect(solid?.motion.m[2]).toBe(0);
      expect(
        apart(inPlane(solid?.motion ?? inSpace(STILL), 0), inPlane(flat?.motion ?? inSpace(STILL), 0)),
      ).toBeLessThan(0.01);
    }
    expect(errorOf(NONE, 6 / 255, 9)).toBeLessThan(0.2);
  });

  it('is a similarity where the depth is even: a turn would only squeeze it', () => {
    const even = new Float32Array(PIXELS.length).fill(-20);
    const found = alignSimilarity(level(still), level(moved), { pixels: PIXELS, depth: even }, inSpace(STILL));
    expect(found?.motion.m[2]).toBe(0);
    expect(apart(inPlane(found?.motion ?? inSpace(STILL), 0), MOTION)).toBeLessThan(0.02);
  });
});
