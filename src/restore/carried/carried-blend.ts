import { coarserThanGrain } from '../../compute/cpu/regrain.ts';
import { scaleOf } from '../../face/similarity.ts';
import { coarsestGrain } from '../window/regrain.ts';
import type { CarriedDifference, CarriedFrame } from './carried-difference.ts';
import { tileMap } from './carried-tiles.ts';

/** Trust from which a pixel needs no restoring of its own. */
export const ENOUGH = 0.98;
/** Keeps shares defined where neither side is trusted. */
const LEAST = 1e-3;

/** What a keyframe on one side of a frame carries to it. */
export interface Side {
  /** How near the keyframe is in time; both sides' add up to 1. */
  readonly weight: number;
  readonly carried: CarriedDifference;
}

/** A frame with what its keyframes carry to it. */
export interface Blend {
  /** `Float32Array` of 3·size², planar RGB: as if everything were trusted. */
  readonly rgb: Float32Array;
  /** How far each pixel may be carried at all, size², 0 … 1: as far as the side that agrees better there. */
  readonly trust: Float32Array;
}

/**
 * Mixes what the sides (two at most) carry by weight and trust: a side that agrees counts more than one that does not. The frame's
 * own grain stays in full; what is coarser in it than grain, and not in the keyframes, is flicker and goes as far as it is trusted.
 */
export function blendOf(frame: CarriedFrame, sides: readonly Side[]): Blend {
  const { patch, luma, where, tiles } = frame;
  const { size } = patch;
  const area = size * size;
  const rgb = Float32Array.from(patch.rgb);
  const [one, other = one] = sides;
  if (!one || !other) return { rgb, trust: new Float32Array(area) };
  const trust = tileMap(one.carried.trust, tiles, size);
  const second = one === other ? trust : tileMap(other.carried.trust, tiles, size);
  const [a, b] = [one.carried.planes, other.carried.planes];
  const residual = new Float32Array(area);
  const shares = new Float32Array(area);
  for (let i = 0, l = 3 * area; i < area; i++, l++) {
    if (!((where[i] as number) > 0)) {
      trust[i] = 0;
      continue;
    }
    const near = one.weight * ((trust[i] as number) + LEAST);
    const far = one === other ? 0 : other.weight * ((second[i] as number) + LEAST);
    const share = near / (near + far);
    const best = Math.max(trust[i] as number, second[i] as number);
    const carried = share * one.carried.gain * (a[l] as number) + (1 - share) * other.carried.gain * (b[l] as number);
    shares[i] = share;
    trust[i] = best;
    residual[i] = best * ((luma[i] as number) - carried);
  }
  const pixel = Math.max(1, scaleOf(patch.toPatch));
  const coarse = coarserThanGrain(residual, size, coarsestGrain(pixel));
  for (let i = 0; i < area; i++) {
    if (!((where[i] as number) > 0)) continue;
    const near = (shares[i] as number) * one.carried.gain;
    const far = (1 - (shares[i] as number)) * other.carried.gain;
    const flicker = coarse[i] as number;
    for (let o = i; o < 3 * area; o += area) {
      rgb[o] = (rgb[o] as number) + near * (a[o] as number) + far * (b[o] as number) - flicker;
    }
  }
  return { rgb, trust };
}

/** The blend with the frame's own restoration (3·size²) where it is not trusted enough, cross-faded by trust. */
export function withOwn({ rgb, trust }: Blend, own: Float32Array, { where }: CarriedFrame): Float32Array {
  const area = trust.length;
  const out = Float32Array.from(rgb);
  for (let i = 0; i < area; i++) {
    const t = trust[i] as number;
    if (t >= ENOUGH || !((where[i] as number) > 0)) continue;
    for (let o = i; o < 3 * area; o += area) out[o] = t * (rgb[o] as number) + (1 - t) * (own[o] as number);
  }
  return out;
}
