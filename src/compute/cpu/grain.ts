import { blurPatch } from './blur.ts';
import { channelsOf, lumaOfPlanar } from './planar.ts';

/** A patch's own grain, and how strong it is at each brightness. */
export interface Grain {
  /** `Float32Array` of 3·size², planar RGB, about 0. */
  readonly rgb: Float32Array;
  /** Luma of the plate without its grain, size². */
  readonly luma: Float32Array;
  /** Standard deviation of the grain's luma in `STRENGTH_BINS` equal steps of the plate's luma 0 … 1. */
  readonly strength: Float32Array;
}

export interface GrainOptions {
  /**
   * Standard deviation of the Gaussian whose difference to the plate is taken for grain, patch pixels. Default 2, which is right
   * where a patch pixel is a plate pixel; a finer patch wants `2 · scaleOf(toPatch)`, or it finds next to no grain.
   */
  readonly sigma?: number;
  /**
   * The plate's picture without grain (3·size², such as a mean over aligned neighbours), if it is known: then its edges and
   * pores are not taken for grain.
   */
  readonly clean?: Float32Array;
}

export const STRENGTH_BINS = 16;

/** Beyond this many deviations it is dirt or an edge, not grain. */
const CLIP = 3;
/** Standard deviation, in widths of the grain filter, over which the residual's energy is judged: detail lies together, grain does not. */
const NEIGHBOURHOOD = 1.5;
/** Median of |x| of a normal variable over its standard deviation. */
const MEDIAN_OVER_SIGMA = 0.6745;

/**
 * The grain of a lifted plate: what a Gaussian of `sigma` takes away from it, clipped at three deviations, and damped where its
 * neighbourhood holds more energy than grain of that brightness has (edges, lashes). Grain coarser than the Gaussian stays in
 * the plate; raise `sigma` for a scan whose grain is coarse.
 */
export function grainOf(plate: Float32Array, size: number, options: GrainOptions = {}): Grain {
  const { sigma = 2, clean } = options;
  const source = clean ? plate.map((v, i) => v - clean[i]) : plate;
  const smooth = blurPatch(source, size, sigma);
  const rgb = new Float32Array(plate.length);
  for (let i = 0; i < rgb.length; i++) rgb[i] = source[i] - smooth[i];
  const luma = lumaOfPlanar(clean ?? smooth);
  const residual = lumaOfPlanar(rgb);
  const strength = strengthOf(residual, luma, size);
  const energy = blurPatch(
    residual.map((v) => v * v),
    size,
    sigma * NEIGHBOURHOOD,
  );
  const channels = channelsOf(rgb);
  for (let i = 0; i < residual.length; i++) {
    const expected = strengthAt(strength, luma[i]);
    const crowded = Math.min(1, (1.25 * expected) / Math.sqrt(Math.max(1e-12, energy[i])));
    const value = Math.abs(residual[i]) * crowded;
    const keep = value > CLIP * expected ? (crowded * CLIP * expected) / value : crowded;
    for (const channel of channels) channel[i] = channel[i] * keep;
  }
  return { rgb, luma, strength };
}

/**
 * `restored` with the plate's grain added `ratio` times (1 = as it is); new memory. Where the restored picture is brighter or
 * darker than the plate, the grain is scaled as the plate's own strength changes with brightness (the scaling function of Norkin
 * and Birkbeck, *Film grain synthesis for AV1*, 2018), by a half to two.
 */
export function addGrain(restored: Float32Array, grain: Grain, ratio: number): Float32Array {
  const luma = lumaOfPlanar(restored);
  const out = new Float32Array(restored.length);
  const count = luma.length;
  for (let i = 0; i < count; i++) {
    const there = strengthAt(grain.strength, grain.luma[i]);
    const here = strengthAt(grain.strength, luma[i]);
    const gain = ratio * (there > 0 ? Math.min(2, Math.max(0.5, here / there)) : 1);
    for (let k = i; k < out.length; k += count) out[k] = restored[k] + gain * grain.rgb[k];
  }
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
const FINE = 1024;
const REACH = 0.25;
/** A bin with fewer pixels than this share of the patch leans on all of it. */
const ENOUGH = 0.01;

/** Slopes of the picture, in grain deviations a pixel, above which a residual tells of an edge and is not counted. */
const STEEP = 0.5;

/** Robust deviation (from the median) of the residual on even ground, by brightness; bins with little evidence lean on the whole. */
function strengthOf(residual: Float32Array, luma: Float32Array, size: number): Float32Array {
  const whole = new Float64Array(FINE);
  for (let i = 0; i < residual.length; i++) count(whole, residual[i]);
  const steep = (STEEP * medianOf(whole).median) / MEDIAN_OVER_SIGMA;
  const bins = Array.from({ length: STRENGTH_BINS }, () => new Float64Array(FINE));
  const even = new Float64Array(FINE);
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
  const enough = residual.length * ENOUGH;
  return Float32Array.from(bins, (bin) => {
    const { median, total } = medianOf(bin);
    const trust = total / (total + enough);
    return (trust * median + (1 - trust) * typical) / MEDIAN_OVER_SIGMA;
  });
}

function count(histogram: Float64Array, residual: number): void {
  const step = Math.min(FINE - 1, Math.floor((Math.abs(residual) * FINE) / REACH));
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
  return { median: ((step + within) * REACH) / FINE, total };
}
