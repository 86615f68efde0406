import { describe, expect, it } from 'vitest';
import { fitSimilarity } from '../../src/face/similarity.ts';
import { alignSimilarity } from '../../src/motion/align-similarity.ts';
import { followPoints } from '../../src/motion/lucas-kanade.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { type PyramidLevel, pyramidOf } from '../../src/motion/pyramid.ts';
import { pictureOf, texture, withNoise } from './texture.ts';

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
  const found = alignSimilarity(level(from), level(to), PIXELS, STILL);
  if (!found) throw new Error('Nothing was found.');
  return found;
}

describe('the alignment of a part of a picture', () => {
  it('finds shift, turn and growth together, to a fiftieth of a pixel', () => {
    const { motion, agreeing } = aligned(still, moved);
    expect(apart(motion, MOTION)).toBeLessThan(0.02);
    expect(agreeing).toBeGreaterThan(0.9);
  });

  it('stands in grain, better than points that are followed', () => {
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

  it('is not drawn aside by what covers a fifth of it', () => {
    const covered = pictureOf(SIZE, SIZE, (x, y) =>
      x < 44 ? 0.1 : (moved.samples[Math.floor(y) * SIZE + Math.floor(x)] as number),
    );
    const { motion, agreeing } = aligned(still, covered);
    expect(apart(motion, MOTION)).toBeLessThan(0.1);
    expect(agreeing).toBeLessThan(0.9);
  });

  it('is none where nothing has texture', () => {
    const wall = level(pictureOf(SIZE, SIZE, () => 0.5));
    expect(alignSimilarity(wall, wall, PIXELS, STILL)).toBeNull();
    expect(alignSimilarity(level(still), level(moved), PIXELS.slice(0, 20), STILL)).toBeNull();
  });
});
