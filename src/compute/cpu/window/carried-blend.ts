import type { CarriedBlendOptions } from '../../carrying.ts';
import type { FloatPool } from '../float-pool.ts';
import { coarserThanGrain } from './regrain.ts';

/** The samples of a `CarriedSide`. */
interface SideSamples {
  readonly planes: Float32Array;
  readonly gain: number;
  readonly trust: Float32Array;
  readonly weight: number;
}

/** The samples of `CarriedToImages`, of side `size`, and of both sides; the same twice where there is one. */
export interface BlendSamples {
  readonly size: number;
  readonly rgb: Float32Array;
  readonly luma: Float32Array;
  readonly where: Float32Array;
  readonly one: SideSamples;
  readonly other: SideSamples;
}

/** See `CarryingOperations.carriedBlend`. */
export function carriedBlend(
  samples: BlendSamples,
  { least, coarsest }: CarriedBlendOptions,
  pool: FloatPool,
): { readonly rgb: Float32Array; readonly trust: Float32Array } {
  const { size, where, one, other } = samples;
  const area = size * size;
  const trust = pool.zeroed(area);
  const shares = pool.lend(area);
  const residual = pool.zeroed(area);
  weighSides(samples, least, { trust, shares, residual });
  const coarse = coarserThanGrain(residual, size, coarsest, pool);
  const rgb = pool.lend(3 * area);
  rgb.set(samples.rgb);
  for (let i = 0; i < area; i++) {
    if (!(where[i] > 0)) continue;
    const near = shares[i] * one.gain;
    const far = (1 - shares[i]) * other.gain;
    const flicker = coarse[i];
    for (let o = i; o < 3 * area; o += area) rgb[o] = rgb[o] + near * one.planes[o] + far * other.planes[o] - flicker;
  }
  pool.giveBack(shares, residual, coarse);
  return { rgb, trust };
}

/** Each pixel's trust, the first side's share in it, and what of its luma is not in the keyframes, as far as it is trusted. */
function weighSides(
  { luma, where, one, other }: BlendSamples,
  least: number,
  { trust, shares, residual }: Readonly<Record<'trust' | 'shares' | 'residual', Float32Array>>,
): void {
  const area = luma.length;
  for (let i = 0, l = 3 * area; i < area; i++, l++) {
    if (!(where[i] > 0)) continue;
    const near = one.weight * (one.trust[i] + least);
    const far = one === other ? 0 : other.weight * (other.trust[i] + least);
    const share = near / (near + far);
    const best = Math.max(one.trust[i], other.trust[i]);
    const carried = share * one.gain * one.planes[l] + (1 - share) * other.gain * other.planes[l];
    shares[i] = share;
    trust[i] = best;
    residual[i] = best * (luma[i] - carried);
  }
}
