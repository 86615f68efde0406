import { describe, expect, it } from 'vitest';
import { openCpuCompute } from '../../../src/compute/cpu/cpu-compute.ts';
import { blurPatch } from '../../../src/compute/cpu/filter/blur.ts';
import { fastLog10, fastPow10 } from '../../../src/compute/cpu/plate/fast-log.ts';
import { colourStatistics, transferColour } from '../../../src/compute/cpu/still/reinhard.ts';
import { addGrain, grainOf, STRENGTH_BINS } from '../../../src/compute/cpu/window/grain.ts';
import { gaussianNoise, mulberry32 } from '../../motion/texture.ts';
import { squareOf, taken } from '../seeded-images.ts';

const SIZE = 128;
const COUNT = SIZE * SIZE;
const ALL = new Float32Array(COUNT).fill(1);
const RATIOS = { leastRatio: 0.7, greatestRatio: 1.4 };
const GRAIN_WIDTH = { sigma: 2, most: 3, around: 3 };
const AS_IT_IS = { ratio: 1, greatestGain: 2 };

function skin(seed: number, red: number, green: number, blue: number, contrast: number): Float32Array {
  const random = mulberry32(seed);
  const rgb = new Float32Array(3 * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const light = 1 + contrast * (random() - 0.5);
    rgb[i] = red * light + 0.02 * random();
    rgb[COUNT + i] = green * light + 0.02 * random();
    rgb[2 * COUNT + i] = blue * light + 0.02 * random();
  }
  return rgb;
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

describe('fast logarithms', () => {
  it('stay within a millionth of the true ones', () => {
    for (let x = 1e-3; x < 70000; x *= 1.0037) expect(Math.abs(fastLog10(x) - Math.log10(x))).toBeLessThan(1e-6);
    for (let y = -3; y < 5; y += 0.0037) expect(Math.abs(fastPow10(y) / 10 ** y - 1)).toBeLessThan(1e-6);
  });
});

describe('transferColour', () => {
  it('gives the source the statistics of the target', () => {
    const source = skin(1, 0.7, 0.5, 0.4, 0.5);
    const target = skin(2, 0.4, 0.35, 0.38, 0.45);
    const to = colourStatistics(target, ALL) as readonly number[];
    const from = colourStatistics(source, ALL) as readonly number[];
    const found = colourStatistics(transferColour(source, { from, to, ...RATIOS }, null), ALL) as readonly number[];
    found.slice(0, 3).forEach((v, k) => {
      expect(Math.abs(v - (to[k] as number))).toBeLessThan(1e-3);
    });
    found.slice(3).forEach((v, k) => {
      const ratio = (to[3 + k] as number) / (from[3 + k] as number);
      expect(v / (from[3 + k] as number)).toBeCloseTo(Math.min(1.4, Math.max(0.7, ratio)), 3);
    });
  });

  it('changes nothing between equal statistics, not even the blue of a grey', () => {
    const grey = new Float32Array(3 * COUNT).fill(200 / 255);
    const statistics = [-0.2, 0.01, 0.01, 0.1, 0.02, 0.02];
    for (const v of transferColour(grey, { from: statistics, to: statistics, ...RATIOS }, null))
      expect(Math.abs(255 * v - 200)).toBeLessThan(0.001);
  });

  it('does not blow up noise where the target has far more contrast', () => {
    const flat = skin(1, 0.5, 0.5, 0.5, 0.05);
    const from = colourStatistics(flat, ALL) as readonly number[];
    const to = from.map((v, k) => (k < 3 ? v : 10 * v));
    const found = colourStatistics(transferColour(flat, { from, to, ...RATIOS }, null), ALL) as readonly number[];
    expect((found[3] as number) / (from[3] as number)).toBeCloseTo(1.4, 3);
  });

  it('touches only pixels that are asked for, and counts only those in the mask', () => {
    const source = skin(1, 0.7, 0.5, 0.4, 0.5);
    const mask = ALL.map((_, i) => (i < COUNT / 2 ? 1 : 0));
    const half = colourStatistics(source, mask) as readonly number[];
    const out = transferColour(source, { from: half, to: [-1, 0, 0, 0.1, 0.01, 0.01], ...RATIOS }, mask);
    expect(out[COUNT - 1]).toBe(source[COUNT - 1]);
    expect(out[0]).not.toBe(source[0]);
    const dark = source.map((v, i) => (i % COUNT < COUNT / 2 ? v : 0));
    expect(colourStatistics(dark, mask)).toEqual(half);
    expect(colourStatistics(source, new Float32Array(COUNT))).toBeNull();
  });
});

describe('blurPatch', () => {
  it.each([0.7, 2, 4.5, 6, 11, 20])('spreads a step as a Gaussian of %f does', (sigma) => {
    const size = 256;
    const step = Float32Array.from({ length: size * size }, (_, i) => (i % size < 128 ? 0 : 1));
    const found = blurPatch(step, size, sigma);
    for (let x = 0; x < size; x++) {
      // The error function by its integral is plenty here: Abramowitz and Stegun 7.1.26.
      const z = (x + 0.5 - 128) / (sigma * Math.SQRT2);
      const t = 1 / (1 + 0.3275911 * Math.abs(z));
      const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      const erf = Math.sign(z) * (1 - tail * Math.exp(-z * z));
      expect(Math.abs((found[128 * size + x] as number) - (0.5 + erf / 2))).toBeLessThan(sigma < 1 ? 0.025 : 0.004);
    }
  });

  it('brings a blur to a wider one, and never sharpens', async () => {
    const compute = openCpuCompute();
    const blurTo = (samples: Float32Array, from: number, to: number) =>
      taken(compute, compute.blurTo(squareOf(compute, samples), from, to));
    const random = mulberry32(3);
    const noise = Float32Array.from({ length: COUNT }, random);
    const two = await blurTo(blurPatch(noise, SIZE, 1.5), 1.5, 2.5);
    const once = blurPatch(noise, SIZE, 2.5);
    // Away from the edge, where repeating it twice is not repeating it once.
    for (let y = 12; y < SIZE - 12; y++) {
      for (let i = y * SIZE + 12; i < y * SIZE + SIZE - 12; i++) {
        expect(Math.abs((two[i] as number) - (once[i] as number))).toBeLessThan(0.005);
      }
    }
    expect(await blurTo(noise, 2, 1)).toEqual(noise);
  });
});

describe('grain', () => {
  const noise = gaussianNoise(9);
  const GRAIN = 0.02;
  const flat = Float32Array.from({ length: 3 * COUNT }, () => 0.4 + GRAIN * noise());

  it('is what a flat field varies by, at full strength', () => {
    const { rgb } = grainOf(flat, SIZE, GRAIN_WIDTH);
    // A Gaussian of 2 keeps 1 / (4π·4) = 2 % of white noise's power for itself, and more of its sample at the middle.
    for (let k = 0; k < 3; k++) {
      const ratio = deviation(rgb.subarray(k * COUNT, (k + 1) * COUNT)) / GRAIN;
      expect(ratio).toBeGreaterThan(0.9);
      expect(ratio).toBeLessThan(1.01);
    }
  });

  it('comes back in a restored picture as strong as it was, and in the same place', () => {
    const grain = grainOf(flat, SIZE, GRAIN_WIDTH);
    const restored = addGrain(new Float32Array(3 * COUNT).fill(0.4), grain, AS_IT_IS);
    expect(deviation(restored.subarray(0, COUNT)) / GRAIN).toBeGreaterThan(0.9);
    let together = 0;
    for (let i = 0; i < COUNT; i++) together += ((restored[i] as number) - 0.4) * ((flat[i] as number) - 0.4);
    expect(together / COUNT / GRAIN ** 2).toBeGreaterThan(0.9);
  });

  it('takes neither an edge nor a speck of dirt for grain', () => {
    const scene = flat.map((v, i) => {
      const x = i % SIZE;
      const y = Math.floor((i % COUNT) / SIZE);
      const dirt = Math.hypot(x - 30, y - 30) < 2 ? 0.5 : 0;
      return v + (x > 80 ? 0.4 : 0) + dirt;
    });
    const { rgb } = grainOf(scene, SIZE, GRAIN_WIDTH);
    expect(Math.max(...rgb.map(Math.abs))).toBeLessThan(6 * GRAIN);
    let edge = 0;
    for (let y = 0; y < SIZE; y++) edge += (rgb[y * SIZE + 81] as number) / SIZE;
    // The high-pass has 0.2 there, ten times the grain.
    expect(Math.abs(edge)).toBeLessThan(2 * GRAIN);
  });

  it('grows with brightness where the plate’s does', () => {
    const random = gaussianNoise(4);
    // Left dark with little grain, right bright with four times as much.
    const plate = Float32Array.from({ length: 3 * COUNT }, (_, i) =>
      i % SIZE < SIZE / 2 ? 0.2 + 0.01 * random() : 0.7 + 0.04 * random(),
    );
    const grain = grainOf(plate, SIZE, GRAIN_WIDTH);
    expect(grain.strength).toHaveLength(STRENGTH_BINS);
    // The dark half restored bright: its grain is doubled, the most that is given.
    const restored = addGrain(new Float32Array(3 * COUNT).fill(0.7), grain, AS_IT_IS);
    const left = Float32Array.from(
      { length: COUNT / 4 },
      (_, i) => restored[(i % 32) + 16 + Math.floor(i / 32) * SIZE] as number,
    );
    expect(deviation(left) / 0.01).toBeGreaterThan(1.8);
    expect(deviation(left) / 0.01).toBeLessThan(2.02);
  });
});
