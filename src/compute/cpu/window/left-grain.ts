import { BLUE_SHARE, GREEN_SHARE, RED_SHARE } from '../../../film/luma.ts';
import type { LeftGrainOptions } from '../../grains.ts';
import { boxBlur } from '../filter/box-blur.ts';
import { doubled, halved } from '../filter/half-size.ts';
import { lumaOfPlanar } from '../filter/planar.ts';
import type { FloatPool } from '../float-pool.ts';

/** The samples of `LeftGrainImages`, of side `size`. */
export interface LeftGrainSamples {
  readonly size: number;
  readonly mean: Float32Array;
  readonly frame: Float32Array;
  readonly weights: Float32Array;
  readonly own: Float32Array;
  readonly where: Float32Array;
  /** Of half the side. */
  readonly eyes: Float32Array;
}

/** Share of a place that must tell of the grain. */
export const LEAST_TOLD = 1e-3;

const SHARES = [RED_SHARE, GREEN_SHARE, BLUE_SHARE] as const;

/** See `GrainOperations.withoutLeftGrain`. */
export function withoutLeftGrain(samples: LeftGrainSamples, options: LeftGrainOptions, pool: FloatPool): Float32Array {
  const { size, mean, where } = samples;
  const half = size >> 1;
  const area = size * size;
  const out = pool.copied(mean);
  const band = pool.lend(mean.length);
  const energy = pool.zeroed(area);
  for (let k = 0, first = 0; k < 3; k++, first += area) {
    const [from, fine] = [mean, band].map((planes) => planes.subarray(first, first + area));
    toFiner(from, fine, size, options.coarse, pool);
    for (let i = 0; i < area; i++) energy[i] += SHARES[k] * fine[i];
  }
  for (let i = 0; i < area; i++) energy[i] *= energy[i];
  const keep = keptShare(samples, energy, options, pool);
  const full = doubled(keep, half, pool);
  for (let i = 0; i < area; i++) {
    if (!(where[i] > 0)) continue;
    const lost = 1 - full[i];
    for (let o = i; o < mean.length; o += area) out[o] -= lost * band[o];
  }
  pool.giveBack(band, energy, keep, full);
  return out;
}

/** Of each place at half the side the share of the band that is picture, 0 … 1. */
function keptShare(
  samples: LeftGrainSamples,
  energy: Float32Array,
  options: LeftGrainOptions,
  pool: FloatPool,
): Float32Array {
  const { size, weights, eyes } = samples;
  const half = size >> 1;
  const { begins, is, inEyes } = options;
  const { grain, told } = grainEnergy(samples, options, pool);
  const small = halved(energy, size, pool);
  const around = boxBlur(small, half, { sigma: options.around / 2, passes: 2 }, pool);
  const frames = halved(weights, size, pool);
  const keep = small;
  for (let i = 0; i < keep.length; i++) {
    const left = told[i] > LEAST_TOLD ? grain[i] / (told[i] * Math.max(1, frames[i])) : 0;
    const unit = eyes[i] > 0 ? inEyes * left : left;
    keep[i] = unit > 0 ? Math.min(1, Math.max(0, (around[i] / unit - begins) / (is - begins))) : 1;
  }
  pool.giveBack(grain, told, around, frames);
  return keep;
}

/**
 * Energy of the frame's grain in the band around each place of half the side, times how far it is told there, and that: a mean over n frames
 * takes 1 − 1/n of the grain's energy, so that much is what the frame holds beyond it.
 */
function grainEnergy(
  { size, mean, frame, weights, own, where }: LeftGrainSamples,
  { coarse, over, most }: LeftGrainOptions,
  pool: FloatPool,
): { grain: Float32Array; told: Float32Array } {
  const half = size >> 1;
  const area = size * size;
  const rest = lumaOfPlanar(frame, pool);
  const before = lumaOfPlanar(mean, pool);
  const share = pool.lend(area);
  for (let i = 0; i < area; i++) {
    share[i] = where[i] > 0 ? own[i] : 0;
    rest[i] = share[i] * (rest[i] - before[i]);
  }
  const fine = before;
  toFiner(rest, fine, size, coarse, pool);
  for (let i = 0; i < area; i++) {
    const cut = Math.min(most, Math.abs(fine[i]));
    fine[i] = share[i] * cut * cut;
    share[i] *= 1 - 1 / Math.max(1, weights[i]);
  }
  const around = (plane: Float32Array) => {
    const small = halved(plane, size, pool);
    const wide = boxBlur(small, half, { sigma: over / 2, passes: 2 }, pool);
    pool.giveBack(small);
    return wide;
  };
  const found = { grain: around(fine), told: around(share) };
  pool.giveBack(rest, before, share);
  return found;
}

/** What of a plane is finer than a blur of `coarse` pixels. */
function toFiner(plane: Float32Array, fine: Float32Array, size: number, coarse: number, pool: FloatPool): void {
  const small = halved(plane, size, pool);
  const soft = boxBlur(small, size >> 1, { sigma: coarse / 2, passes: 1 }, pool);
  const full = doubled(soft, size >> 1, pool);
  for (let i = 0; i < fine.length; i++) fine[i] = plane[i] - full[i];
  pool.giveBack(small, soft, full);
}
