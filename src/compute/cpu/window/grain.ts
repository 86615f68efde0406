import type { PlateGrainOptions } from '../../grains.ts';
import { blurPatch } from '../filter/blur.ts';
import { channelsOf, lumaOfPlanar } from '../filter/planar.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/** A patch's own grain, and how strong it is at each brightness. The pool has lent the first two. */
export interface Grain {
  /** `Float32Array` of 3·size², planar RGB, about 0. */
  readonly rgb: Float32Array;
  /** Luma of the plate without its grain, size². */
  readonly luma: Float32Array;
  /** Standard deviation of the grain's luma in `STRENGTH_BINS` equal steps of the plate's luma 0 … 1. */
  readonly strength: Float32Array;
}

export const STRENGTH_BINS = 16;

/** Median of |x| of a normal variable over its standard deviation. */
export const MEDIAN_OVER_SIGMA = 0.6745;

/** The grain of a lifted plate (planar RGB, 3·size²): see `GrainOperations.withGrainOfPlate`. */
export function grainOf(
  plate: Float32Array,
  size: number,
  { sigma, most, around }: Pick<PlateGrainOptions, 'sigma' | 'most' | 'around'>,
  pool: FloatPool = FRESH,
): Grain {
  const smooth = blurPatch(plate, size, sigma, pool);
  const rgb = pool.lend(plate.length);
  for (let i = 0; i < rgb.length; i++) rgb[i] = plate[i] - smooth[i];
  const luma = lumaOfPlanar(smooth, pool);
  const residual = lumaOfPlanar(rgb, pool);
  const strength = strengthOf(residual, luma, size);
  const squares = pool.lend(residual.length);
  for (let i = 0; i < squares.length; i++) squares[i] = residual[i] * residual[i];
  const energy = blurPatch(squares, size, around, pool);
  const channels = channelsOf(rgb);
  for (let i = 0; i < residual.length; i++) {
    const expected = strengthAt(strength, luma[i]);
    const crowded = Math.min(1, (1.25 * expected) / Math.sqrt(Math.max(1e-12, energy[i])));
    const value = Math.abs(residual[i]) * crowded;
    const keep = value > most * expected ? (crowded * most * expected) / value : crowded;
    for (const channel of channels) channel[i] = channel[i] * keep;
  }
  pool.giveBack(smooth, residual, squares, energy);
  return { rgb, luma, strength };
}

/** A restored picture with a plate's grain added to it, lent by the pool: see `GrainOperations.withGrainOfPlate`. */
export function addGrain(
  restored: Float32Array,
  grain: Grain,
  { ratio, greatestGain }: Pick<PlateGrainOptions, 'ratio' | 'greatestGain'>,
  pool: FloatPool = FRESH,
): Float32Array {
  const luma = lumaOfPlanar(restored, pool);
  const out = pool.lend(restored.length);
  const leastGain = 1 / greatestGain;
  const count = luma.length;
  for (let i = 0; i < count; i++) {
    const there = strengthAt(grain.strength, grain.luma[i]);
    const here = strengthAt(grain.strength, luma[i]);
    const gain = ratio * (there > 0 ? Math.min(greatestGain, Math.max(leastGain, here / there)) : 1);
    for (let k = i; k < out.length; k += count) out[k] = restored[k] + gain * grain.rgb[k];
  }
  pool.giveBack(luma);
  return out;
}

/** Linear between the middles of the bins. */
function strengthAt(strength: Float32Array, luma: number): number {
  const at = Math.min(STRENGTH_BINS - 1, Math.max(0, luma * STRENGTH_BINS - 0.5));
  const i = Math.floor(at);
  const below = strength[i];
  return below + (at - i) * (strength[Math.min(STRENGTH_BINS - 1, i + 1)] - below);
}

/** Steps of the histogram of |residual|, and its reach. */
export const STRENGTH_STEPS = 1024;
export const STRENGTH_REACH = 0.25;
/** A bin with fewer pixels than this share of the patch leans on all of it. */
export const STRENGTH_ENOUGH = 0.01;

/** Slopes of the picture, in grain deviations a pixel, above which a residual tells of an edge and is not counted. */
export const STEEP = 0.5;

/** Robust deviation (from the median) of the residual on even ground, by brightness; bins with little evidence lean on the whole. */
function strengthOf(residual: Float32Array, luma: Float32Array, size: number): Float32Array {
  const whole = new Float64Array(STRENGTH_STEPS);
  for (let i = 0; i < residual.length; i++) count(whole, residual[i]);
  const steep = (STEEP * medianOf(whole).median) / MEDIAN_OVER_SIGMA;
  const bins = Array.from({ length: STRENGTH_BINS }, () => new Float64Array(STRENGTH_STEPS));
  const even = new Float64Array(STRENGTH_STEPS);
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const i = y * size + x;
      const dx = (luma[i + 1] - luma[i - 1]) / 2;
      const dy = (luma[i + size] - luma[i - size]) / 2;
      if (dx * dx + dy * dy > steep * steep) continue;
      const bin = Math.min(STRENGTH_BINS - 1, Math.max(0, Math.floor(luma[i] * STRENGTH_BINS)));
      count(bins[bin] as Float64Array, residual[i]);
      count(even, residual[i]);
    }
  }
  const all = medianOf(even);
  const typical = all.total > 0 ? all.median : medianOf(whole).median;
  const enough = residual.length * STRENGTH_ENOUGH;
  return Float32Array.from(bins, (bin) => {
    const { median, total } = medianOf(bin);
    const trust = total / (total + enough);
    return (trust * median + (1 - trust) * typical) / MEDIAN_OVER_SIGMA;
  });
}

function count(histogram: Float64Array, residual: number): void {
  const step = Math.min(STRENGTH_STEPS - 1, Math.floor((Math.abs(residual) * STRENGTH_STEPS) / STRENGTH_REACH));
  histogram[step] = histogram[step] + 1;
}

function medianOf(histogram: Float64Array): { median: number; total: number } {
  const total = histogram.reduce((sum, v) => sum + v, 0);
  if (total === 0) return { median: 0, total };
  let before = 0;
  let step = 0;
  while (before + histogram[step] < total / 2) {
    before += histogram[step];
    step += 1;
  }
  const within = (total / 2 - before) / histogram[step];
  return { median: ((step + within) * STRENGTH_REACH) / STRENGTH_STEPS, total };
}
