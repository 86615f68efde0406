import { describe, expect, it } from 'vitest';
import { faceMotion } from '../../../src/carry/track/face-motion.ts';
import { viewOf } from '../../../src/carry/track/face-view.ts';
import { fivePoints } from '../../../src/face/landmarks.ts';
import { applyX, applyY, type Similarity } from '../../../src/face/similarity.ts';
import type { PyramidLevel } from '../../../src/motion/pyramid.ts';
import { inPlane } from '../../../src/motion/similarity3.ts';
import { mulberry32 } from '../../motion/texture.ts';
import { drawHead, HEAD, INTER_OCULAR, type Shown } from '../drawn-head.ts';

/** Greatest error of a measured motion at eyes and nose, over inter-ocular distance. */
function errorOf(motion: Similarity, shown: Shown): number {
  const from = viewOf(
    drawHead({ ...shown, motion: { a: 1, b: 0, tx: 0, ty: 0 }, gain: 1, covered: 0, seed: 99 }),
    HEAD,
  );
  const to = viewOf(drawHead({ ...shown, motion }), HEAD, from);
  const found = faceMotion(from, to, HEAD);
  if (!found) return Infinity;
  const five = fivePoints(HEAD);
  const step = inPlane(found.step, 0);
  return (
    Math.max(
      ...[0, 2, 4].map((k) => {
        const [x, y] = [five[k] as number, five[k + 1] as number];
        return Math.hypot(applyX(step, x, y) - applyX(motion, x, y), applyY(step, x, y) - applyY(motion, x, y));
      }),
    ) / INTER_OCULAR
  );
}

function motionOf(seed: number, reach: number): Similarity {
  const random = mulberry32(seed);
  const next = (size: number) => size * (2 * random() - 1);
  const scale = 1 + next(0.03);
  const angle = next(0.05);
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  // About the head's middle.
  return { a, b, tx: 160 - a * 160 + b * 140 + next(reach), ty: 140 - b * 160 - a * 140 + next(reach) };
}

describe('the motion of a face', () => {
  it('is found to a thousandth of the distance between the eyes, turned and grown by three per cent', () => {
    for (const seed of [1, 2, 3, 4]) expect(errorOf(motionOf(seed, 6), {})).toBeLessThan(0.001);
  });

  it('is found through grain', () => {
    for (const seed of [1, 2, 3]) expect(errorOf(motionOf(seed, 6), { grain: 6, seed })).toBeLessThan(0.0025);
  });

  it('is found when the face moves by half the distance between the eyes', () => {
    for (const seed of [5, 6]) expect(errorOf(motionOf(seed, 30), {})).toBeLessThan(0.003);
  });

  it('is found when all points would agree on something nearer, since the face must look alike there', () => {
    for (const seed of [7, 8, 9, 10]) {
      const found = errorOf(motionOf(seed, 64), {});
      expect(found < 0.003 || found === Infinity).toBe(true);
    }
  });

  it('does not follow the exposure', () => {
    expect(errorOf(motionOf(1, 3), { gain: 1.1 })).toBeLessThan(0.003);
    expect(errorOf(motionOf(1, 3), { gain: 0.7 })).toBeLessThan(0.005);
  });

  it('does not follow a mouth that opens or eyes that close', () => {
    expect(errorOf(motionOf(2, 3), { mouth: 1, blink: 1 })).toBeLessThan(0.01);
  });

  it('is not disturbed by something that covers a third of the face', () => {
    expect(errorOf(motionOf(3, 3), { covered: 0.3 })).toBeLessThan(0.02);
  });

  it('is null where nothing of the face is left', () => {
    const from = viewOf(drawHead(), HEAD);
    const to = viewOf(drawHead({ covered: 1.5, grain: 4 }), HEAD, from);
    const found = faceMotion(from, to, HEAD);
    expect(found === null || found.inliers < 0.8 || found.residual > 0.01).toBe(true);
  });
});

describe('the view of a face', () => {
  it('shows the same of a picture wherever its edges lie', () => {
    const picture = drawHead({ grain: 4 });
    const one = viewOf(picture, HEAD);
    const other = viewOf(
      picture,
      HEAD.map((v, i) => (i % 3 === 0 ? v + 0.5 * INTER_OCULAR : v)),
      one,
    );
    const [a, b] = [one, other].map(({ pyramid }) => pyramid.levels[0] as PyramidLevel) as [PyramidLevel, PyramidLevel];
    const aside = Math.round((other.x - one.x) * one.scale);
    expect(aside).toBeGreaterThan(20);
    let most = 0;
    for (let y = 0; y < a.height; y++) {
      for (let x = aside; x < a.width; x++) {
        const apart = (a.samples[y * a.width + x] as number) - (b.samples[y * b.width + x - aside] as number);
        most = Math.max(most, Math.abs(apart));
      }
    }
    // Less than grain: what lies beyond the edge counts for a little in the local mean.
    expect(most).toBeLessThan(0.02);
  });

  it('has its middle in the middle of the face, and not at the nose of a head that looks aside', () => {
    const picture = drawHead();
    const aside = HEAD.map((v, i) => (i === 3 || i === 12 ? v + 0.5 * INTER_OCULAR : v));
    expect(viewOf(picture, aside)).toMatchObject({ x: viewOf(picture, HEAD).x, y: viewOf(picture, HEAD).y });
  });
});
