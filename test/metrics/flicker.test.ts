import { describe, expect, it } from 'vitest';
import { compareFlicker, type Flicker, flickerIndex, flickerMeter } from '../../src/metrics/flicker.ts';
import { type FlowField, unoccluded, warpError } from '../../src/metrics/warp-error.ts';
import { gaussianNoise, pictureOf, texture } from '../motion/texture.ts';

const SIZE = 64;
const MASK = Uint8Array.from({ length: SIZE * SIZE }, (_, i) =>
  Math.hypot((i % SIZE) - 31.5, Math.floor(i / SIZE) - 31.5) < 24 ? 1 : 0,
);
const FACE = pictureOf(SIZE, SIZE, texture(3)).samples;

function measured(frames: number, at: (t: number, i: number) => number): Flicker {
  const meter = flickerMeter(SIZE, MASK);
  for (let t = 0; t < frames; t++) meter.push(FACE.map((v, i) => v + at(t, i)));
  return meter.read();
}

describe('flickerMeter', () => {
  it('reads nothing of a face that stands still, drifts or brightens evenly', () => {
    for (const at of [() => 0, (t: number) => 0.002 * t]) {
      const { tfi, hf2, hf2LowPass, hf2Edge } = measured(12, at);
      for (const v of [tfi, hf2, hf2LowPass, hf2Edge]) expect(v).toBeLessThan(0.01);
    }
  });

  it('reads white noise as its deviation in levels, and little of it after the low-pass', () => {
    const noise = gaussianNoise(1);
    const { hf2, hf2LowPass, hf2Edge, frames } = measured(24, () => (4 / 255) * noise());
    expect(frames).toBe(24);
    expect(hf2).toBeGreaterThan(3.9);
    expect(hf2).toBeLessThan(4.1);
    expect(hf2Edge).toBeGreaterThan(3.8);
    expect(hf2Edge).toBeLessThan(4.2);
    // A cell of 2⅔ pixels keeps 3/8 of white noise's deviation, and more where the face fills it in part.
    expect(hf2LowPass).toBeGreaterThan(0.375 * 4);
    expect(hf2LowPass).toBeLessThan(0.375 * 4 * 1.3);
  });

  it('sees gain flicker in the index and the low-pass, and jitter only in the second difference', () => {
    const gain = gaussianNoise(2);
    const gains = Array.from({ length: 24 }, () => 0.01 * gain());
    const breathing = measured(24, (t, i) => (FACE[i] as number) * (gains[t] as number));
    // White gain of 1 % changes by √2 % a frame.
    expect(breathing.tfi).toBeGreaterThan(1);
    expect(breathing.tfi).toBeLessThan(1.9);
    expect(breathing.hf2LowPass / breathing.hf2).toBeGreaterThan(0.8);
    const at = texture(3);
    const meter = flickerMeter(SIZE, MASK);
    for (let t = 0; t < 24; t++) meter.push(pictureOf(SIZE, SIZE, (x, y) => at(x + 0.5 * gain(), y)).samples);
    const jittered = meter.read();
    expect(jittered.hf2).toBeGreaterThan(1);
    expect(jittered.tfi).toBeLessThan(0.2);
  });

  it('distinguishes a flickering edge from a flickering face', () => {
    const near = (i: number) => Math.hypot((i % SIZE) - 31.5, Math.floor(i / SIZE) - 31.5) > 20;
    const { hf2, hf2Edge } = measured(12, (t, i) => (near(i) && t % 2 === 0 ? 0.02 : 0));
    expect(hf2Edge / hf2).toBeGreaterThan(1.2);
    const middle = measured(12, (t, i) => (near(i) || t % 2 === 0 ? 0 : 0.02));
    expect(middle.hf2Edge / middle.hf2).toBeLessThan(0.8);
  });

  it('has no answer before the third frame', () => {
    expect(measured(2, () => 0).hf2).toBeNaN();
  });
});

describe('flickerIndex', () => {
  it.each([
    [[10, 10, 10], 0],
    [[10, 11, 12, 13], 0],
    [[1, 2, 1, 2, 1], 100 / 1.4],
  ])('of %j is %d %%', (means, expected) => {
    expect(flickerIndex(means)).toBeCloseTo(expected, 6);
  });
});

describe('compareFlicker', () => {
  it('distinguishes added flicker from a face that lost its own motion', () => {
    const flicker = (hf2: number): Flicker => ({ frames: 9, tfi: 1, hf2, hf2LowPass: 0, hf2Edge: 2 });
    expect(compareFlicker(flicker(2), flicker(3)).hf2).toEqual({ source: 2, output: 3, excess: 1, ratio: 1.5 });
    expect(compareFlicker(flicker(2), flicker(0.5)).hf2.ratio).toBe(0.25);
    expect(compareFlicker(flicker(2), flicker(2)).hf2LowPass.ratio).toBe(1);
  });
});

function flowOf(dx: number, dy: number, width = SIZE, height = SIZE): FlowField {
  const fill = (v: number) => new Float32Array(width * height).fill(v);
  return { width, height, dx: fill(dx), dy: fill(dy) };
}

describe('warpError', () => {
  const at = texture(7);
  const frame = pictureOf(SIZE, SIZE, at).samples;
  const moved = pictureOf(SIZE, SIZE, (x, y) => at(x - 3, y + 2)).samples;

  it('is nothing where the flow explains the motion, and much where it does not', () => {
    expect(warpError(frame, moved, flowOf(3, -2))).toBeLessThan(1e-12);
    expect(warpError(frame, moved, flowOf(0, 0))).toBeGreaterThan(1e-3);
  });

  it('is the mean squared difference of all planes where nothing moves', () => {
    const planes = new Float32Array(2 * SIZE * SIZE).fill(0.5);
    const next = planes.map((v, i) => v + (i < SIZE * SIZE ? 0.1 : 0.3));
    expect(warpError(planes, next, flowOf(0, 0))).toBeCloseTo((0.01 + 0.09) / 2, 6);
  });

  it('leaves out what is not valid', () => {
    const next = frame.map((v, i) => (i === 100 ? v + 1 : v));
    const valid = new Uint8Array(SIZE * SIZE).fill(1);
    valid[100] = 0;
    expect(warpError(frame, next, flowOf(0, 0), valid)).toBe(0);
    expect(warpError(frame, next, flowOf(0, 0))).toBeCloseTo(1 / SIZE ** 2, 8);
  });
});

describe('unoccluded', () => {
  it('accepts flows that cancel, and not those that disagree, leave the picture, or tear', () => {
    const both = unoccluded(flowOf(3, 0), flowOf(-3, 0));
    expect(both[20 * SIZE + 20]).toBe(1);
    expect(both[20 * SIZE + 62]).toBe(0);
    expect(unoccluded(flowOf(3, 0), flowOf(0, 0))[20 * SIZE + 20]).toBe(0);
    const torn = flowOf(0, 0);
    for (let i = 0; i < torn.dx.length; i++) torn.dx[i] = i % SIZE < 30 ? 0 : 0.5;
    const back = { ...torn, dx: torn.dx.map((v) => -v) };
    expect(unoccluded(torn, back)[20 * SIZE + 29]).toBe(0);
    expect(unoccluded(torn, back)[20 * SIZE + 10]).toBe(1);
  });
});
