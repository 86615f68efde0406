import type { Compute } from '../../compute/compute.ts';
import type { Patch } from '../../compute/patch.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import { lowestNear, TILES } from '../carried/carried-tiles.ts';
import { expressiveRegions } from '../window/expressive-regions.ts';

/** How far each tile of a face looks as it does in an anchor. */
export interface TileTrust {
  /** Tiles that hold any of the face: 1, else 0. */
  readonly tiles: Uint8Array;
  /** Of the anchor that agrees best, 0 … 1. */
  readonly trust: Float32Array;
  /** The least that any anchor's mask has in a tile, 0 … 1. */
  readonly masks: Float32Array;
}

/** Trust below which a tile has changed. */
const CHANGED = 0.5;
/** Mask below which something is before a tile of an anchor. */
const CLEAR = 0.9;
/** Pixels along a tile in which mouth and eyes are drawn, how far around them a tile is theirs (inter-ocular distances), and by which share. */
const FINE = 4;
const AROUND = 0.12;
const OWN_SHARE = 0.2;

/**
 * True where a face shows what none of its anchors shows. Mouth and eyes change by themselves, where no anchor has anything before
 * them or beside: what comes before them in between passes their surroundings too.
 */
export async function hasChanged(
  { landmarks, size }: Patch,
  { tiles, trust, masks }: TileTrust,
  compute: Compute,
): Promise<boolean> {
  const changed = trust.map((v, t) => (tiles[t] === 1 && v < CHANGED ? 1 : 0));
  if (!changed.includes(1)) return false;
  const side = FINE * TILES;
  const margin = AROUND * PATCH_INTER_OCULAR * side;
  using expressive = expressiveRegions(compute, landmarks, { size: side, scale: size / side, margin });
  using all = compute.image(new Float32Array(side * side).fill(1), side, side, 1);
  const { own } = await compute.statistics({ own: compute.tileSums(expressive, all, TILES) });
  const clear = lowestNear(masks, tiles);
  const isOwn = (t: number) => (own.sums[t] as number) >= OWN_SHARE * FINE * FINE && (clear[t] as number) > CLEAR;
  return changed.some((v, t) => v === 1 && !isOwn(t));
}
