import { enlarged } from '../../compute/cpu/filter/enlarge.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import { agreementOf } from '../carried/carried-agreement.ts';
import { type CarriedKeyframe, carriedFrame, carryDifference } from '../carried/carried-difference.ts';
import { lowestNear, TILES } from '../carried/carried-tiles.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { hasChanged } from './changed-tiles.ts';
import { MASK_SIDE } from './mask-grid.ts';

/** A frame in which maskers were asked, on one side of another. */
export interface MaskAnchor {
  readonly patch: Patch;
  /** See `softened`. */
  readonly mask: Float32Array;
  /** How near it is in time; both sides' add up to 1. */
  readonly weight: number;
}

/** What anchors say of a frame between them. */
export interface CarriedMask {
  /** Their masks in the frame's geometry, mixed by weight and trust. */
  readonly mask: Float32Array;
  /** How far the frame shows what the nearer in likeness of them shows, 0 … 1: of `MASK_SIDE`². */
  readonly trust: Float32Array;
  /** True where the frame shows what no anchor shows, and maskers should be asked. */
  readonly isChanged: boolean;
}

/** Keeps shares defined where no anchor is trusted. */
const LEAST = 1e-3;

/** Brings the masks of anchors to a frame along the face's motion, and tells where the frame looks like them. */
export async function carriedMask(
  patch: Patch,
  anchors: readonly MaskAnchor[],
  tools: WindowTools,
): Promise<CarriedMask> {
  const { compute } = tools;
  using owned = openOwnership();
  const frame = owned.own(carriedFrame(patch, tools));
  const carried = anchors.map((anchor) => {
    using keyframe = keyframeOf(anchor, tools);
    return owned.own(carryDifference(keyframe, frame, tools));
  });
  // What moves beside the face is nothing before it.
  const where = owned.own(compute.faceMatte(patch.landmarks, patch.size, { softness: 0.02 }));
  const { tiles, sides } = await agreementOf({ ...frame, where }, carried, compute);
  const masks: Float32Array[] = [];
  for (const { planes } of carried) {
    using alone = compute.planes(planes, [0]);
    using small = compute.resized(alone, MASK_SIDE);
    masks.push(await compute.read(small));
  }
  const trusts = sides.map(({ trust }) => enlarged(lowestNear(trust, tiles), TILES, MASK_SIDE));
  const shares = trusts.map((trust, k) => trust.map((t) => (anchors[k] as MaskAnchor).weight * (t + LEAST)));
  return {
    mask: Float32Array.from({ length: MASK_SIDE ** 2 }, (_, i) => {
      const sum = (of: (k: number) => number) => masks.reduce((total, _, k) => total + of(k), 0);
      const shareOf = (k: number) => (shares[k] as Float32Array)[i] as number;
      return sum((k) => shareOf(k) * ((masks[k] as Float32Array)[i] as number)) / sum(shareOf);
    }),
    trust: extremeOf(trusts, Math.max),
    isChanged: await hasChanged(
      patch,
      {
        tiles,
        trust: extremeOf(
          sides.map(({ trust }) => trust),
          Math.max,
        ),
        masks: extremeOf(
          anchors.map(({ mask }) => leastInTiles(mask)),
          Math.min,
        ),
      },
      compute,
    ),
  };
}

/** The greatest, or the least, of several maps at each place. */
function extremeOf(maps: readonly Float32Array[], of: (a: number, b: number) => number): Float32Array {
  return maps.reduce((found, map) => found.map((v, i) => of(v, map[i] as number)));
}

/** The least of a mask in each tile. */
function leastInTiles(mask: Float32Array): Float32Array {
  const cells = MASK_SIDE / TILES;
  const least = new Float32Array(TILES * TILES).fill(1);
  mask.forEach((v, i) => {
    const t = Math.floor(Math.floor(i / MASK_SIDE) / cells) * TILES + Math.floor((i % MASK_SIDE) / cells);
    least[t] = Math.min(least[t] as number, v);
  });
  return least;
}

/** An anchor as carrying takes it: its mask, then its luma. */
function keyframeOf({ patch, mask }: MaskAnchor, { compute }: WindowTools): CarriedKeyframe {
  using small = compute.image(mask, MASK_SIDE, MASK_SIDE, 1);
  using whole = compute.resized(small, patch.size);
  using luma = compute.luma(patch.rgb);
  const planes = compute.joined([whole, luma]);
  return { patch, planes, [Symbol.dispose]: () => planes[Symbol.dispose]() };
}
