import { describe, expect, it } from 'vitest';
import { flickerMeter } from '../../src/metrics/flicker.ts';
import { shadingChange, shadingFlicker, shadingOf } from '../../src/metrics/shading.ts';
import { gaussianNoise } from '../motion/texture.ts';

/** Cells of 10 × 10 pixels. */
const SIZE = 240;
const LEFT_HALF = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (i % SIZE < SIZE / 2 ? 1 : 0));

const plane = (at: (i: number) => number) => Float32Array.from({ length: SIZE * SIZE }, (_, i) => at(i));

describe('the shading of a face', () => {
  it('is the mean of each cell, and nothing where the face is not', () => {
    const shading = shadingOf(
      plane((i) => (i % SIZE < 10 ? 0.25 : 0.5)),
      LEFT_HALF,
      SIZE,
    );
    expect([shading[0], shading[1], shading[11], shading[12]]).toEqual([0.25, 0.5, 0.5, Number.NaN]);
  });

  it('leaves out a cell that the face fills less than half', () => {
    const filled = (columns: number) =>
      shadingOf(
        plane(() => 0.5),
        plane((i) => (i % SIZE < columns ? 1 : 0)),
        SIZE,
      );
    expect(filled(4)[0]).toBeNaN();
    expect(filled(6)[0]).toBe(0.5);
  });

  it('keeps a tenth of white noise', () => {
    const noise = gaussianNoise(3);
    const grain = () =>
      shadingOf(
        plane(() => 0.5 + (10 / 255) * noise()),
        LEFT_HALF,
        SIZE,
      );
    const levels = Array.from({ length: 8 }, () => shadingFlicker(grain(), grain(), grain()));
    const level = Math.sqrt(levels.reduce((sum, v) => sum + v * v, 0) / levels.length);
    expect(level).toBeGreaterThan(0.94);
    expect(level).toBeLessThan(1.06);
  });

  it('flickers by what jumps from frame to frame, as a meter says of the whole shot, in patches of any size', () => {
    const jump = (t: number) => (t % 2 === 0 ? 0.48 : 0.52);
    // To and fro by 0.04 is a second difference of 0.08.
    const level = (255 * 0.08) / Math.sqrt(6);
    const at = (t: number, size: number) => {
      const luma = new Float32Array(size * size).fill(jump(t));
      return shadingOf(luma, new Uint8Array(size * size).fill(1), size);
    };
    for (const size of [64, 240]) expect(shadingFlicker(at(0, size), at(1, size), at(2, size))).toBeCloseTo(level, 3);
    const meter = flickerMeter(SIZE, LEFT_HALF);
    for (let t = 0; t < 6; t++) meter.push(plane(() => jump(t)));
    expect(meter.read().hf2LowPass).toBeCloseTo(level, 3);
  });

  it('does not flicker by what brightens evenly, or lies where the face was not in one of the frames', () => {
    const even = [0.4, 0.45, 0.5].map((level) =>
      shadingOf(
        plane(() => level),
        LEFT_HALF,
        SIZE,
      ),
    );
    expect(shadingFlicker(...(even as [Float32Array, Float32Array, Float32Array]))).toBeCloseTo(0, 3);
    const [a, b] = [LEFT_HALF, LEFT_HALF.map((v) => 1 - v)].map((mask) =>
      shadingOf(
        plane(() => 0.5),
        mask,
        SIZE,
      ),
    );
    expect(shadingFlicker(a as Float32Array, b as Float32Array, a as Float32Array)).toBe(0);
  });

  it('changes by the root mean square of its cells, in 8-bit levels', () => {
    const [a, b] = [0.4, 0.5].map((level) =>
      shadingOf(
        plane(() => level),
        LEFT_HALF,
        SIZE,
      ),
    );
    expect(shadingChange(a as Float32Array, b as Float32Array)).toBeCloseTo(25.5, 3);
  });
});
