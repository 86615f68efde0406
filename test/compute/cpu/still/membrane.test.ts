import { describe, expect, it } from 'vitest';
import { membraneGridOf, membraneOfBand } from '../../../../src/compute/cpu/still/band-membrane.ts';
import { fill } from '../../../../src/compute/cpu/still/fill.ts';
import { membraneGrid, solveMembrane } from '../../../../src/compute/cpu/still/membrane.ts';
import { BAND_DIRECTIONS } from '../../../../src/face/observation.ts';
import { gaussianNoise } from '../../../motion/texture.ts';
import { roundMatte } from '../../plates.ts';

/** A lobed blob, about as a face's matte is; 1 inside. */
function blob(size: number): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) - size * 0.5;
    const y = Math.floor(i / size) - size * 0.52;
    const angle = Math.atan2(y, x);
    return Math.hypot(x, y * 0.8) < size * (0.33 + 0.05 * Math.cos(2 * angle + 1) + 0.02 * Math.sin(5 * angle)) ? 1 : 0;
  });
}

/** Boundary values about the middle over 90 levels of 255, with `noise` levels of grain. */
function boundary(size: number, noise: number, seed: number): Float32Array {
  const random = gaussianNoise(seed);
  return Float32Array.from({ length: size * size }, (_, i) => {
    const angle = Math.atan2(Math.floor(i / size) - size * 0.52, (i % size) - size * 0.5);
    return (45 * Math.sin(angle) + 15 * Math.cos(3 * angle) + noise * random()) / 255;
  });
}

/** The same equation by plain over-relaxation until nothing moves. */
function reference(inside: Uint8Array, values: Float32Array, size: number): Float64Array {
  const u = Float64Array.from(values);
  const omega = 2 / (1 + Math.sin(Math.PI / (size * 0.6)));
  for (let sweep = 0; sweep < 10 * size; sweep++) {
    for (let i = 0; i < u.length; i++) {
      if (inside[i] !== 1) continue;
      const around =
        ((u[i - 1] as number) + (u[i + 1] as number) + (u[i - size] as number) + (u[i + size] as number)) / 4;
      u[i] = (u[i] as number) + omega * (around - (u[i] as number));
    }
  }
  return u;
}

describe('solveMembrane', () => {
  it.each([
    [64, 0],
    [128, 0],
    [128, 6],
    [129, 6],
    [256, 6],
  ])('is Laplace’s solution within a tenth of a level on %i² with %i levels of grain', (size, noise) => {
    const grid = membraneGrid(blob(size), size);
    const values = boundary(size, noise, 3);
    const found = solveMembrane(grid, values);
    const expected = reference(grid.inside, values, size);
    let sum = 0;
    let count = 0;
    let worst = 0;
    grid.inside.forEach((inside, i) => {
      if (!inside) return;
      const e = 255 * ((found[i] as number) - (expected[i] as number));
      sum += e * e;
      count += 1;
      worst = Math.max(worst, Math.abs(e));
    });
    // Asked for was an RMS of ½ level and 1.5 at most.
    expect(Math.sqrt(sum / count)).toBeLessThan(size > 128 ? 0.2 : 0.1);
    expect(worst).toBeLessThan(0.5);
  });

  it('keeps the contour’s values, and between their extremes', () => {
    const grid = membraneGrid(blob(128), 128);
    const values = boundary(128, 6, 4);
    const found = solveMembrane(grid, values);
    const edge = values.filter((_, i) => grid.contour[i] === 1);
    grid.contour.forEach((on, i) => {
      if (on) expect(found[i]).toBe(values[i]);
    });
    expect(Math.max(...found)).toBeLessThanOrEqual(Math.max(...edge));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(Math.min(...edge));
  });

  it('reads nothing but the contour', () => {
    const grid = membraneGrid(blob(128), 128);
    const values = boundary(128, 6, 4);
    const elsewhere = values.map((v, i) => (grid.contour[i] === 1 ? v : 1e3));
    expect(solveMembrane(grid, elsewhere)).toEqual(solveMembrane(grid, values));
  });

  it('is a constant over a constant contour, for every plane apart', () => {
    const grid = membraneGrid(blob(128), 128);
    const values = new Float32Array(2 * 128 * 128).fill(0.25, 0, 128 * 128).fill(-0.5, 128 * 128);
    const found = solveMembrane(grid, values);
    for (const [k, value] of [0.25, -0.5].entries()) {
      const plane = found.subarray(k * 128 * 128, (k + 1) * 128 * 128);
      for (const v of plane) expect(Math.abs(v - value)).toBeLessThan(1e-6);
    }
  });

  it('errs alike from frame to frame, so that what is wrong with it does not flicker', () => {
    const grid = membraneGrid(blob(128), 128);
    const errors = [5, 6].map((seed) => {
      const values = boundary(128, 3, seed);
      const found = solveMembrane(grid, values);
      return reference(grid.inside, values, 128).map((v, i) => 255 * ((found[i] as number) - v));
    });
    let sum = 0;
    let count = 0;
    grid.inside.forEach((inside, i) => {
      if (!inside) return;
      sum += ((errors[1]?.[i] as number) - (errors[0]?.[i] as number)) ** 2;
      count += 1;
    });
    expect(Math.sqrt(sum / count)).toBeLessThan(0.1);
  });
});

describe('membraneOfBand', () => {
  it('carries the band’s colours by direction, clockwise from the right', () => {
    const size = 256;
    const matte = roundMatte(size, 90);
    const band = new Float32Array(3 * BAND_DIRECTIONS);
    for (let k = 0; k < BAND_DIRECTIONS; k++) {
      const angle = (2 * Math.PI * k) / BAND_DIRECTIONS;
      band.set([Math.cos(angle), Math.sin(angle), 0.3], 3 * k);
    }
    const field = membraneOfBand(membraneGridOf(matte, size, 128), band, { x: size / 2, y: size / 2, size });
    // Of boundary values cos θ and sin θ on a circle, the membrane is the plane x / r and y / r.
    for (const [x, y] of [
      [128, 128],
      [170, 128],
      [128, 190],
      [90, 100],
    ] as const) {
      const at = (k: number) => field[k * size * size + y * size + x] as number;
      expect(Math.abs(at(0) - (x + 0.5 - 128) / 91)).toBeLessThan(0.02);
      expect(Math.abs(at(1) - (y + 0.5 - 128) / 91)).toBeLessThan(0.02);
      expect(at(2)).toBeCloseTo(0.3, 5);
    }
  });
});

describe('fill', () => {
  it('keeps what has weight and continues it smoothly', () => {
    const size = 65;
    const values = Float32Array.from({ length: size * size }, (_, i) => (i % size) / size);
    const weight = values.map((_, i) => (Math.abs((i % size) - 32) + Math.abs(Math.floor(i / size) - 32) > 14 ? 1 : 0));
    const filled = fill(values, weight, size);
    values.forEach((v, i) => {
      expect(Math.abs((filled[i] as number) - v)).toBeLessThan(weight[i] ? 1e-9 : 0.12);
    });
  });

  it('is zero where nothing has weight, and one value where one pixel has', () => {
    expect(fill(new Float32Array(64).fill(3), new Uint8Array(64), 8)).toEqual(new Float32Array(64));
    const one = new Uint8Array(49);
    one[17] = 1;
    expect(fill(new Float32Array(49).fill(3), one, 7)).toEqual(new Float32Array(49).fill(3));
  });
});
