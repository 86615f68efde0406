import { MAD_TO_SIGMA } from '../../../motion/quantile.ts';
import type { RegrainOptions } from '../../grains.ts';
import { boxBlur } from '../filter/box-blur.ts';
import { doubled, halved, halvedLuma } from '../filter/half-size.ts';
import { valueAtShare } from '../filter/selection.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/** The samples of `RegrainImages`, of side `size`. */
export interface RegrainSamples {
  readonly size: number;
  readonly restored: Float32Array;
  readonly plate: Float32Array;
  readonly repaired: Float32Array;
  readonly substitute: Float32Array | null;
  readonly own: Float32Array;
  readonly where: Float32Array;
}

interface CleanedSamples extends RegrainSamples {
  /** `own`, less where the plate holds specks. */
  readonly clean: Float32Array;
}

/** See `GrainOperations.regrained`. */
export function regrained(samples: RegrainSamples, options: RegrainOptions, pool: FloatPool): Float32Array {
  const { size, restored, where } = samples;
  const { ratio, coarsest, most } = options;
  const area = size * size;
  const clean = withoutSpecks(samples, options, pool);
  const cleaned = { ...samples, clean };
  const out = pool.copied(restored);
  const residual = pool.lend(area);
  for (let first = 0; first < 3 * area; first += area) {
    residualOf(cleaned, { first, most }, residual, pool);
    const coarse = coarserThanGrain(residual, size, coarsest, pool);
    pool.loops.addedDifference(residual, coarse, where, out.subarray(first, first + area), area, ratio);
    pool.giveBack(coarse);
  }
  pool.giveBack(clean, residual);
  return out;
}

/** What the plate's plane from sample `first` on holds beyond its repaired self; where that is not clean, the substitute's. */
function residualOf(
  { plate, repaired, substitute, clean, where }: CleanedSamples,
  { first, most }: { readonly first: number; readonly most: number },
  residual: Float32Array,
  pool: FloatPool,
): void {
  const area = residual.length;
  // A neighbour that shows something else (a mouth that has moved) differs by more than grain. What differs from itself by nothing is no substitute.
  const [own, mended, other] = [plate, repaired, substitute ?? repaired].map((of) => of.subarray(first, first + area));
  pool.loops.residual(own, mended, other, clean, where, residual, area, most);
}

/** What of a residual (size²) is coarser than grain whose widest Gaussian is `coarsest` pixels: flicker, or shading. */
export function coarserThanGrain(
  residual: Float32Array,
  size: number,
  coarsest: number,
  pool: FloatPool = FRESH,
): Float32Array {
  const half = size >> 1;
  const small = halved(residual, size, pool);
  const soft = boxBlur(small, half, { sigma: coarsest / 2, passes: 2 }, pool);
  const coarse = doubled(soft, half, pool);
  pool.giveBack(small, soft);
  return coarse;
}

/** `own`, less where what the plate holds beyond its repaired self lies together as grain does not. */
function withoutSpecks(samples: RegrainSamples, { coarsest, speck }: RegrainOptions, pool: FloatPool): Float32Array {
  const { size, plate, repaired, own } = samples;
  const half = size >> 1;
  const residual = halvedLuma(plate, size, pool);
  const before = halvedLuma(repaired, size, pool);
  pool.loops.difference(residual, before, residual, residual.length);
  const coarse = boxBlur(residual, half, { sigma: coarsest / 2, passes: 2 }, pool);
  const soft = boxBlur(residual, half, { sigma: speck.blur / 2, passes: 2 }, pool);
  pool.loops.difference(soft, coarse, soft, soft.length);
  const deviation = Math.max(speck.least, deviationWhere(soft, samples, before));
  const clean = pool.copied(own);
  let hasSpecks = false;
  for (let i = 0; i < soft.length; i++) {
    const core = Math.min(1, Math.max(0, (Math.abs(soft[i]) / deviation - speck.begins) / (speck.is - speck.begins)));
    soft[i] = core;
    if (core !== 0) hasSpecks = true;
  }
  if (hasSpecks) {
    const reach = speck.around / 2;
    const around = boxBlur(soft, half, { sigma: reach, passes: 2 }, pool);
    const full = doubled(around, half, pool);
    // A Gaussian of a lone pixel is this high in its middle: what is a core stays one.
    const height = 1 / (2 * Math.PI * Math.max(1, reach) ** 2);
    for (let i = 0; i < clean.length; i++) clean[i] *= 1 - Math.min(1, full[i] / height);
    pool.giveBack(around, full);
  }
  pool.giveBack(residual, before, coarse, soft);
  return clean;
}

/** Robust deviation of a plane of half the side, where the full one is looked at and its own samples are good; `seen` is written to. */
function deviationWhere(plane: Float32Array, { size, own, where }: RegrainSamples, seen: Float32Array): number {
  const half = size >> 1;
  let count = 0;
  for (let y = 0, i = 0; y < half; y++) {
    for (let x = 0; x < half; x++, i++) {
      const at = 2 * y * size + 2 * x;
      if (where[at] > 0 && own[at] === 1) seen[count++] = Math.abs(plane[i]);
    }
  }
  return count > 0 ? MAD_TO_SIGMA * valueAtShare(seen.subarray(0, count), 0.5) : 0;
}
