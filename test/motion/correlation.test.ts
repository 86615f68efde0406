import { describe, expect, it } from 'vitest';
import { correlationAlong } from '../../src/motion/correlation.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { inSpace } from '../../src/motion/similarity3.ts';

const [WIDTH, HEIGHT] = [40, 30];

function wave(shift: number, gain = 1): Luma {
  const samples = Float32Array.from({ length: WIDTH * HEIGHT }, (_, p) => {
    const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
    return 0.5 + gain * (0.2 * Math.sin(0.7 * (x - shift)) + 0.1 * Math.cos(0.5 * y));
  });
  return { width: WIDTH, height: HEIGHT, samples };
}

const middle = Int32Array.from({ length: WIDTH * HEIGHT }, (_, p) => p).filter((p) => {
  const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)];
  return x > 8 && x < WIDTH - 8 && y > 4 && y < HEIGHT - 4;
});

const right = (tx: number) => inSpace({ a: 1, b: 0, tx, ty: 0 });

describe('correlation along a motion', () => {
  it('is 1 where the motion is right, whatever the contrast, and low where it is not', () => {
    const pixels = { pixels: middle, depth: 0 };
    expect(correlationAlong(wave(0), wave(3, 0.5), pixels, right(3))).toBeGreaterThan(0.999);
    expect(correlationAlong(wave(0), wave(2.5), pixels, right(2.5))).toBeGreaterThan(0.99);
    expect(correlationAlong(wave(0), wave(3), pixels, right(-1.5))).toBeLessThan(0.3);
  });

  it('carries pixels by their depth', () => {
    const turned = { ...right(0), m: [1, 0, 0.5, 0, 1, 0, 0, 0, 1] } as const;
    expect(correlationAlong(wave(0), wave(3), { pixels: middle, depth: 6 }, turned)).toBeGreaterThan(0.999);
  });

  it('is 0 where most pixels leave the picture, and where there is nothing to compare', () => {
    expect(correlationAlong(wave(0), wave(0), { pixels: middle, depth: 0 }, right(WIDTH))).toBe(0);
    expect(correlationAlong(wave(0, 0), wave(0), { pixels: Int32Array.of(500), depth: 0 }, right(0))).toBe(0);
    expect(correlationAlong(wave(0), wave(0), { pixels: new Int32Array(), depth: 0 }, right(0))).toBe(0);
    for (const level of [0, 0.1, 0.3, 0.7, 0.9]) {
      const flat = { ...wave(0), samples: new Float32Array(WIDTH * HEIGHT).fill(level) };
      for (const other of [flat, wave(0)]) {
        expect(correlationAlong(flat, other, { pixels: middle, depth: 0 }, right(0.3))).toBe(0);
        expect(correlationAlong(other, flat, { pixels: middle, depth: 0 }, right(0.3))).toBe(0);
      }
    }
  });
});
