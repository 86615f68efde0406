import { describe, expect, it } from 'vitest';
import { type DenseFlowOptions, denseFlow, FLOW_STEP, flowTemplate } from '../../src/motion/dense-flow.ts';
import { type FlowLattice, flowAt } from '../../src/motion/flow-lattice.ts';
import type { Luma } from '../../src/motion/luma.ts';
import { pyramidOf } from '../../src/motion/pyramid.ts';
import { pictureOf, texture, withNoise } from './texture.ts';

const SIZE = 128;
const SEEDS = [1, 2, 3, 4, 5];
type Warp = (x: number, y: number) => readonly [number, number];

/** A smooth bend as a face makes it, up to about three pixels. */
const bend: Warp = (x, y) => [2.2 * Math.sin(y / 26) + 0.02 * (x - 64), 1.6 * Math.cos(x / 31) - 0.015 * (y - 64)];

/** The template, and the picture in which its content at (x, y) lies displaced by `warp(x, y)`. */
function pair(seed: number, warp: Warp): [Luma, Luma] {
  const at = texture(seed);
  const moved = (x: number, y: number) => {
    let [u, v] = [x, y];
    for (let k = 0; k < 20; k++) {
      const [dx, dy] = warp(u, v);
      [u, v] = [x - dx, y - dy];
    }
    return at(u, v);
  };
  return [pictureOf(SIZE, SIZE, at), pictureOf(SIZE, SIZE, moved)];
}

function flowOf(a: Luma, b: Luma, noise = 1 / 255, options: DenseFlowOptions = {}): FlowLattice {
  return denseFlow(flowTemplate(pyramidOf(a, 3), { noise }), pyramidOf(b, 3), options);
}

/** Root mean square distance to the true displacement, pixels, `margin` pixels from the edge. */
function errorOf(flow: FlowLattice, warp: Warp, margin = 12): number {
  const found = new Float64Array(2);
  let sum = 0;
  let count = 0;
  for (let y = margin; y < SIZE - margin; y += 3) {
    for (let x = margin; x < SIZE - margin; x += 3) {
      flowAt(flow, x, y, found);
      const [u, v] = warp(x, y);
      sum += ((found[0] as number) - u) ** 2 + ((found[1] as number) - v) ** 2;
      count += 1;
    }
  }
  return Math.sqrt(sum / count);
}

describe('denseFlow', () => {
  it('finds nothing between a picture and itself', () => {
    const [a] = pair(1, () => [0, 0]);
    expect(errorOf(flowOf(a, a), () => [0, 0], 0)).toBeLessThan(1e-3);
  });

  it('finds a shift of five pixels to a tenth of a pixel', () => {
    for (const seed of SEEDS) {
      const [a, b] = pair(seed, () => [5, -3.4]);
      expect(errorOf(flowOf(a, b), () => [5, -3.4], 20)).toBeLessThan(0.1);
    }
  });

  it('finds a smooth bend to a tenth of a pixel', () => {
    for (const seed of SEEDS) {
      const [a, b] = pair(seed, bend);
      expect(errorOf(flowOf(a, b), bend)).toBeLessThan(0.12);
    }
  });

  it('finds it under grain of eight levels to a third of a pixel', () => {
    const noise = 8 / 255;
    for (const seed of SEEDS) {
      const [a, b] = pair(seed, bend);
      const flow = flowOf(withNoise(a, noise, seed), withNoise(b, noise, seed + 100), noise, { smoothing: 6 });
      expect(errorOf(flow, bend)).toBeLessThan(0.33);
    }
  });

  it('does not mistake a change of exposure for motion', () => {
    for (const seed of SEEDS) {
      const [a, b] = pair(seed, bend);
      const brighter = { ...b, samples: b.samples.map((v) => 0.03 + 1.05 * v) };
      expect(errorOf(flowOf(a, brighter), bend)).toBeLessThan(0.25);
    }
  });

  it('is not led astray by specks of dirt', () => {
    const [a, b] = pair(2, bend);
    const samples = Float32Array.from(b.samples);
    for (const [x, y] of [
      [40, 40],
      [80, 50],
      [60, 90],
    ] as const) {
      for (let j = y; j < y + 3; j++) samples.fill(0, j * SIZE + x, j * SIZE + x + 3);
    }
    expect(errorOf(flowOf(a, { ...b, samples }, 3 / 255), bend)).toBeLessThan(0.3);
  });

  it('stays at its start on a picture without texture', () => {
    const flat = withNoise(
      pictureOf(SIZE, SIZE, () => 0.5),
      4 / 255,
      1,
    );
    const other = withNoise(
      pictureOf(SIZE, SIZE, () => 0.5),
      4 / 255,
      2,
    );
    const still = flowOf(flat, other, 4 / 255);
    expect(errorOf(still, () => [0, 0])).toBeLessThan(0.15);
    const start = { ...still, xy: still.xy.map((_, i) => (i % 2 === 0 ? 3 : -1)) };
    expect(errorOf(flowOf(flat, other, 4 / 255, { start }), () => [3, -1])).toBeLessThan(0.15);
  });

  it('goes on from a start that the coarsest level could not have found', () => {
    const [a, b] = pair(3, () => [30, 0]);
    const off = { ...flowOf(a, a), step: FLOW_STEP };
    const start = { ...off, xy: off.xy.map((_, i) => (i % 2 === 0 ? 29 : 0.6)) };
    const flow = flowOf(a, b, 1 / 255, { start });
    const inside = { ...flow, xy: Float32Array.from(flow.xy) };
    const found = new Float64Array(2);
    for (let y = 20; y < 108; y += 8) {
      for (let x = 20; x < 76; x += 8) {
        flowAt(inside, x, y, found);
        expect(Math.hypot((found[0] as number) - 30, found[1] as number)).toBeLessThan(0.15);
      }
    }
  });

  it('keeps within its bound', () => {
    const [a, b] = pair(4, () => [6, 0]);
    const flow = flowOf(a, b, 1 / 255, { bound: 2 });
    for (let n = 0; n < flow.xy.length; n += 2) {
      expect(Math.hypot(flow.xy[n] as number, flow.xy[n + 1] as number)).toBeLessThan(2.0001);
    }
  });

  it('searches only where it is asked to', () => {
    const [a, b] = pair(5, () => [2, 0]);
    const where = new Float32Array(SIZE * SIZE);
    for (let y = 40; y < 90; y++) where.fill(1, y * SIZE + 40, y * SIZE + 90);
    const flow = denseFlow(flowTemplate(pyramidOf(a, 3), { where }), pyramidOf(b, 3));
    const found = new Float64Array(2);
    flowAt(flow, 64, 64, found);
    expect(found[0]).toBeCloseTo(2, 1);
    expect(flow.trust[0]).toBe(0);
  });
});
