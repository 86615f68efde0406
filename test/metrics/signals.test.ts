import { describe, expect, it } from 'vitest';
import { dipsKept, following } from '../../src/metrics/following.ts';
import { jitter, pointError, pointsOf, spread } from '../../src/metrics/jitter.ts';
import { gaussianNoise } from '../motion/texture.ts';

describe('pointError', () => {
  it('is in per cent of inter-ocular distance', () => {
    const truth = [
      [0, 0, 10, 0],
      [0, 0, 10, 0],
    ];
    const found = [
      [3, 4, 10, 0],
      [0, 0, 10, 5],
    ];
    const { nme, rms, p99 } = pointError(found, truth, [100, 50]);
    expect(nme).toBeCloseTo((5 + 0 + 0 + 10) / 4, 9);
    expect(rms).toBeCloseTo(Math.sqrt((25 + 100) / 4), 9);
    expect(p99).toBeCloseTo(10, 9);
  });

  it('refuses sequences that do not match', () => {
    expect(() => pointError([[1, 2]], [], [1])).toThrow('There are no points for frame 0 to compare with.');
    expect(() => pointError([[1, 2]], [[1, 2, 3, 4]], [1])).toThrow('1 points cannot be compared with 2.');
  });
});

describe('jitter', () => {
  const noise = gaussianNoise(1);
  const frames = 400;
  const walk = Array.from({ length: frames }, (_, t) => [50 + t * 0.7, 20 - t * 0.2, 90 + 9 * Math.sin(t / 3), 40]);
  const eyes = walk.map(() => 80);

  it('reads nothing of steady motion, and white noise as √12 of its deviation', () => {
    const straight = walk.map(([x, y]) => [x as number, y as number]);
    expect(jitter(straight, eyes)).toBeLessThan(1e-9);
    const noisy = straight.map(([x, y]) => [(x as number) + 0.8 * noise(), (y as number) + 0.8 * noise()]);
    const expected = (100 * 0.8 * Math.sqrt(12)) / 80;
    expect(jitter(noisy, eyes) / expected).toBeGreaterThan(0.9);
    expect(jitter(noisy, eyes) / expected).toBeLessThan(1.1);
  });

  it('takes the face’s own movement out where it is known', () => {
    expect(jitter(walk, eyes)).toBeGreaterThan(0.1);
    expect(jitter(walk, eyes, walk)).toBe(0);
    expect(jitter(walk.slice(0, 2), eyes)).toBeNaN();
  });

  it('is told from spread, which forgives a bias and counts slow wander', () => {
    const biased = walk.map((points) => points.map((v) => v + 5));
    expect(spread(biased, eyes, walk)).toBeCloseTo(0, 9);
    const wander = walk.map((points, t) => points.map((v) => v + 2 * Math.sin((2 * Math.PI * t) / 400)));
    // 2 / √2 in both coordinates: a distance of 2.
    expect(spread(wander, eyes, walk)).toBeCloseTo((100 * 2) / 80, 2);
    expect(jitter(wander, eyes, walk)).toBeLessThan(0.01);
  });

  it('takes landmarks in the plane', () => {
    expect([...pointsOf(Float32Array.of(1, 2, 9, 3, 4, 9))]).toEqual([1, 2, 3, 4]);
    expect([...pointsOf(Float32Array.of(1, 2, 9, 3, 4, 9), [1])]).toEqual([3, 4]);
  });
});

describe('following', () => {
  const mouth = Array.from({ length: 48 }, (_, t) => 0.1 + 0.08 * Math.sin(t / 4));

  it.each([
    ['the same signal', (v: number) => v, 1, 1],
    ['half of it', (v: number) => 0.3 + v / 2, 0.5, 1],
    ['the opposite', (v: number) => -v, -1, -1],
  ] as const)('reads %s', (_, change, kept, correlation) => {
    const found = following(mouth.map(change), mouth);
    expect(found.kept).toBeCloseTo(kept, 9);
    expect(found.correlation).toBeCloseTo(correlation, 9);
  });

  it('reads a frozen mouth as nothing kept, and noise as no amplitude', () => {
    expect(
      following(
        mouth.map(() => 0.1),
        mouth,
      ).kept,
    ).toBeCloseTo(0, 9);
    const noise = gaussianNoise(5);
    const long = Array.from({ length: 4000 }, (_, t) => 0.1 + 0.08 * Math.sin(t / 4));
    const found = following(
      long.map((v) => v + 0.1 * noise()),
      long,
    );
    expect(Math.abs(found.kept - 1)).toBeLessThan(0.1);
    expect(found.correlation).toBeLessThan(0.7);
    expect(
      following(
        mouth,
        mouth.map(() => 1),
      ).kept,
    ).toBeNaN();
  });

  it('measures each blink by its depth', () => {
    const open = 0.3;
    const lids = Array.from({ length: 40 }, (_, t) => (t === 10 || t === 11 ? 0.05 : t === 30 ? 0.15 : open));
    const softened = lids.map((v) => open + (v - open) * 0.6);
    expect(dipsKept(softened, lids).map((v) => Number(v.toFixed(6)))).toEqual([0.6, 0.6]);
    expect(
      dipsKept(
        lids.map(() => open),
        lids,
      ),
    ).toEqual([0, 0]);
    expect(
      dipsKept(
        lids,
        lids.map(() => open),
      ),
    ).toEqual([]);
  });
});
