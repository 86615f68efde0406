import type { CarriedSide } from '../../compute/carrying.ts';
import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import { coarsestGrain } from '../window/regrain.ts';
import type { SideAgreement } from './carried-agreement.ts';
import type { CarriedDifference, CarriedFrame } from './carried-difference.ts';
import { lowestNear, TILES } from './carried-tiles.ts';

/** Keeps shares defined where neither side is trusted. */
const LEAST = 1e-3;

/** What a keyframe on one side of a frame carries to it. */
export interface Side extends SideAgreement {
  /** How near the keyframe is in time; both sides' add up to 1. */
  readonly weight: number;
  readonly carried: CarriedDifference;
}

/** Mixes what the sides (two at most) carry by weight and trust: a side that agrees counts more than one that does not. */
export function blendOf(
  compute: Compute,
  frame: CarriedFrame,
  sides: readonly Side[],
  tiles: Uint8Array,
): { readonly rgb: Image; readonly trust: Image } {
  using owned = openOwnership();
  const mixed = sides.map(({ carried, gain, trust, weight }): CarriedSide => {
    using coarse = compute.image(lowestNear(trust, tiles), TILES, TILES, 1);
    const map = owned.own(compute.resized(coarse, frame.patch.size));
    return { planes: carried.planes, gain, trust: map, weight };
  });
  return compute.carriedBlend(frame, mixed, { least: LEAST, coarsest: coarsestGrain(frame.pixel) });
}
