import { describe, expect, it } from 'vitest';
import { openFloatPool } from '../../../src/compute/cpu/float-pool.ts';
import { CANONICAL_POINTS } from '../../../src/face/canonical-face.ts';
import { sharedStill, stillPatch } from '../../../src/pipeline/stills/stills-to-paint.ts';

/** Sides of a drawn still, pixels, and of the canonical face in it. */
const SIDE = 300;

function drawnStill() {
  const deep = Uint16Array.from(
    { length: 3 * SIDE * SIDE },
    (_, i) => 32768 + 20000 * Math.sin(i / 7) * Math.cos(i / 911),
  );
  const [xs, ys] = [0, 1].map((axis) => CANONICAL_POINTS.filter((_, i) => i % 3 === axis)) as [
    Float32Array,
    Float32Array,
  ];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const scale = (0.6 * SIDE) / Math.max(Math.max(...xs) - left, Math.max(...ys) - top);
  const landmarks = CANONICAL_POINTS.map(
    (v, i) => (i % 3 === 0 ? v - left : i % 3 === 1 ? v - top : v) * scale + 0.2 * SIDE,
  );
  return { name: 'still', picture: { width: SIDE, height: SIDE, deep }, landmarks };
}

describe('a still that is aligned in the pool of a thread', () => {
  it.each([128, 64])('has the samples, and the id, that it has in memory of its own, at %i pixels', (largest) => {
    const still = drawnStill();
    const pool = openFloatPool();
    const [own, lent] = [stillPatch(still, largest), stillPatch(still, largest, pool)];
    expect(new Set(own.rgb).size).toBeGreaterThan(100);
    expect(Buffer.from(lent.rgb.slice().buffer).equals(Buffer.from(own.rgb.slice().buffer))).toBe(true);
    expect(sharedStill(lent).id).toBe(sharedStill(own).id);
  });
});
