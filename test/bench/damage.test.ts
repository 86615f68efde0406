import { describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../samples/rgb-frame.ts';
import { DAMAGES, type Damage, gateAt, throughGate, wearerOf } from './damage.ts';

const DAMAGE = DAMAGES.heavy;

/** Waves that no filter of the gate should touch: far below the sampling limit. */
function waves(dx: number, dy: number): RgbFrame {
  const [width, height] = [96, 64];
  const rgb = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const x = (i % width) - dx;
    const y = (Math.floor(i / width) % height) - dy;
    return 0.5 + 0.2 * Math.sin(0.31 * x) + 0.1 * Math.cos(0.23 * y);
  });
  return { width, height, rgb };
}

function largestInside(a: RgbFrame, b: RgbFrame): number {
  let largest = 0;
  for (let i = 0; i < a.rgb.length; i++) {
    const x = i % a.width;
    const y = Math.floor(i / a.width) % a.height;
    if (x < 8 || y < 8 || x >= a.width - 8 || y >= a.height - 8) continue;
    largest = Math.max(largest, Math.abs((a.rgb[i] as number) - (b.rgb[i] as number)));
  }
  return largest;
}

const deviation = (values: number[]) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

describe('the gate', () => {
  it('moves the picture by fractions of a pixel, right and down', () => {
    const moved = throughGate(waves(0, 0), { shift: [0.37, -1.24], exposure: 1 });
    expect(largestInside(moved, waves(0.37, -1.24))).toBeLessThan(0.003);
    expect(largestInside(moved, waves(-0.37, 1.24))).toBeGreaterThan(0.02);
  });

  it('weaves and breathes as strongly as it is told', () => {
    const frames = Array.from({ length: 2000 }, (_, frame) => gateAt(frame, DAMAGE, 5));
    const steps = frames.slice(1).map(({ shift }, t) => shift[0] - (frames[t]?.shift[0] ?? 0));
    expect(deviation(steps) / Math.SQRT2).toBeCloseTo(0.3, 1);
    const flutter = frames.slice(1).map(({ exposure }, t) => exposure - (frames[t]?.exposure ?? 0));
    expect(deviation(flutter) / Math.SQRT2).toBeCloseTo(0.012, 2);
    expect(Math.max(...frames.map(({ exposure }) => exposure))).toBeGreaterThan(1.03);
  });
});

describe('the wear', () => {
  const flat: RgbFrame = { width: 128, height: 128, rgb: new Float32Array(3 * 128 * 128).fill(0.5) };

  it('is the same for the same seed, and other grain in another frame', () => {
    const [first, again] = [wearerOf(DAMAGE, 100, 3), wearerOf(DAMAGE, 100, 3)];
    expect(first.worn(flat, 7).rgb).toEqual(again.worn(flat, 7).rgb);
    expect(first.worn(flat, 8).rgb).not.toEqual(again.worn(flat, 7).rgb);
  });

  it('grains middle grey as strongly as it is told, and marks where dirt and scratches lie', () => {
    const mask = new Uint8Array(128 * 128);
    const wearer = wearerOf({ ...DAMAGE, dirt: 60 }, 100, 4);
    const { rgb } = wearer.worn(flat, 3, mask);
    const clean = Array.from(rgb.subarray(0, 128 * 128)).filter((_, i) => mask[i] === 0);
    expect(clean.length).toBeLessThan(128 * 128);
    expect(deviation(clean)).toBeCloseTo(DAMAGE.grain, 2);
    expect(wearer.blurred(flat, 3).rgb.every((v) => Math.abs(v - 0.5) < 1e-5)).toBe(true);
  });

  it('lays standing scratches where they were, and pairs 5 to 8 pixels of 540 apart', () => {
    const [width, height] = [540, 540];
    const picture: RgbFrame = { width, height, rgb: new Float32Array(3 * width * height).fill(0.5) };
    const lines = (damage: Partial<Damage>, frame: number) => {
      const mask = new Uint8Array(width * height);
      const none = { ...DAMAGE, blur: 0, grain: 0, dirt: 0, scratches: 0 };
      wearerOf({ ...none, ...damage }, 100, 9).worn(picture, frame, mask);
      // Of the row in the middle: where a line begins.
      const row = mask.subarray(270 * width, 271 * width);
      return Array.from(row.keys()).filter((x) => row[x] === 1 && row[x - 1] !== 1);
    };
    const [first, later] = [lines({ standing: 1 }, 0), lines({ standing: 1 }, 30)];
    expect([first.length, later.length]).toEqual([1, 1]);
    expect(Math.abs((first[0] as number) - (later[0] as number))).toBeLessThanOrEqual(1);
    for (const frame of [0, 30]) {
      const [left = 0, right = 0] = lines({ pairs: 1 }, frame);
      // Each line wavers by a pixel, and begins at a whole one.
      expect(right - left).toBeGreaterThanOrEqual(3);
      expect(right - left).toBeLessThanOrEqual(10);
    }
  });
});
