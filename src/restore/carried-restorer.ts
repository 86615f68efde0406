import { faceMatte } from '../face/matte.ts';
import type { Patch } from '../face/patch.ts';
import { scaleOf } from '../face/similarity.ts';
import type { Roi } from '../film/roi.ts';
import type { WindowMemory } from './aligned-window.ts';
import { type AnchorPlan, anchorsAround, windowAround } from './carried-anchors.ts';
import {
  type CarriedDifference,
  type CarriedFrame,
  carriedFrame,
  carryDifference,
  tileMap,
} from './carried-difference.ts';
import { graceOf } from './grace.ts';
import { doubled, halved } from './half-size.ts';
import type { PatchWindow, Refusal, Restoration, RestorationFacts, Restorer } from './restorer.ts';
import { softMean } from './soft-mean.ts';

export interface CarriedOptions {
  /** Frames from one anchor to the next. */
  readonly every: number;
  /** Width of the matte's soft edge, inter-ocular distances. */
  readonly matteSoftness: number;
}

/** A restorer that carries; others may restore its anchors, or use them. */
export interface CarriedRestorer extends Restorer {
  readonly anchors: AnchorPlan;
  /** Restores the window's centre as an anchor. */
  restoreAnchor(window: PatchWindow): Promise<Restoration | Refusal>;
  /** Takes for granted what `restoreAnchor` would answer for a window around this patch. */
  adoptAnchor(patch: Patch, restored: Restoration | Refusal): void;
}

/** Trust from which a pixel needs no restoring of its own, and matte below which nobody sees it. */
const ENOUGH = 0.98;
const UNSEEN = 0.02;
/** Standard deviation of the Gaussian whose difference to a residual is grain, plate pixels: coarser unrest is flicker. */
const COARSEST = 4;

/**
 * Spares an expensive restorer: it restores the anchors, every `every`-th frame of the reel. In between, what it changed in the
 * anchors on both sides is carried along the face's motion and cross-faded wherever a frame shows what the anchors show, gain and
 * grain apart; where it does not (lips, lids, a hand, dirt) the restorer looks at those tiles of the frame itself.
 *
 * Where the frame is carried its own grain stays in full, and what is coarser than grain follows the anchors, which do not flicker.
 * A pure function of its window, like every restorer; what anchors cost is remembered as long as their patches live.
 */
export function openCarried(
  inner: Restorer,
  { every, matteSoftness }: CarriedOptions,
  memory: WindowMemory,
): CarriedRestorer {
  const frames = remembered((patch) => carriedFrame(patch, memory));
  const known = new WeakMap<Patch, Promise<Restoration | Refusal>>();
  const plan = { every, reach: inner.window };
  const anchorOf = (window: PatchWindow) => {
    const restored = known.get(window.centre) ?? inner.restore(window);
    known.set(window.centre, restored);
    return restored;
  };

  return {
    name: inner.name,
    window: every + inner.window,
    anchors: plan,
    restoreAnchor: (window) => anchorOf(windowAround(window, window.centre.frame, plan.reach)),
    adoptAnchor: (patch, restored) => void known.set(patch, Promise.resolve(restored)),
    async restore(window) {
      const { centre } = window;
      const { strength } = graceOf(centre);
      const { left, right, share } = anchorsAround(window, plan);
      const first = await anchorOf(left);
      const matte = faceMatte(centre.landmarks, centre.size, { softness: matteSoftness });
      if (strength < 1) for (let i = 0; i < matte.length; i++) matte[i] = strength * (matte[i] as number);
      if (left.centre === centre) return asAnchor(first, matte);
      const second = await anchorOf(right);
      if (right.centre === centre) return asAnchor(second, matte);

      const frame = frames(centre);
      const sides = [
        { anchor: left.centre, restored: first, weight: 1 - ease(share) },
        { anchor: right.centre, restored: second, weight: ease(share) },
      ].flatMap(({ anchor, restored, weight }) => {
        if ('refused' in restored) return [];
        const carried = carryDifference(frames(anchor), restored, frame);
        return [{ weight, restored, carried, trust: tileMap(carried.trust, frame.tiles, centre.size) }];
      });
      const trust = trustOf(sides, centre.size);
      const area = untrusted(trust, matte, centre.size);
      const own = area ? await inner.restore(windowAround(window, centre.frame, inner.window), area) : null;
      if (own && 'refused' in own) return own;
      const rgb = blended(frame, sides, trust, own);
      const facts = factsOf(
        sides.map(({ restored }) => restored.facts),
        own?.facts,
        strength,
        own ? carriedShare(trust, matte) : 1,
      );
      return { rgb, matte, ...(facts ? { facts } : {}) };
    },
  };
}

function asAnchor(restored: Restoration | Refusal, matte: Float32Array): Restoration | Refusal {
  if ('refused' in restored) return restored;
  const { facts } = restored;
  return { ...restored, matte, ...(facts ? { facts: { ...facts, carried: 0 } } : {}) };
}

interface Side {
  readonly weight: number;
  /** Of its tiles, a value a pixel. */
  readonly trust: Float32Array;
  readonly carried: CarriedDifference;
}

/** How far the frame may be carried at all, a value a pixel: from whichever side agrees better there. */
function trustOf(sides: readonly Side[], size: number): Float32Array {
  const best = new Float32Array(size * size);
  for (const { trust } of sides) {
    for (let i = 0; i < best.length; i++) best[i] = Math.max(best[i] as number, trust[i] as number);
  }
  return best;
}

/** The rectangle around what must be restored anew; null where nothing must. */
function untrusted(trust: Float32Array, matte: Float32Array, size: number): Roi | null {
  let [left, top, right, bottom] = [size, size, 0, 0];
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      if ((trust[i] as number) >= ENOUGH || (matte[i] as number) < UNSEEN) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** The frame with what both sides carry to it, mixed by weight and trust, and with its own restoration where they are not trusted. */
function blended(
  { patch, luma, where }: CarriedFrame,
  sides: readonly Side[],
  trust: Float32Array,
  own: Restoration | null,
): Float32Array {
  const { size } = patch;
  const area = size * size;
  const shares = sharesOf(sides, size);
  const residual = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    if (!((where[i] as number) > 0)) continue;
    let carried = 0;
    sides.forEach(({ carried: { luma: other } }, k) => {
      carried += (shares[k]?.[i] as number) * (other[i] as number);
    });
    residual[i] = (trust[i] as number) * ((luma[i] as number) - carried);
  }
  const pixel = Math.max(1, scaleOf(patch.toPatch));
  const coarse = doubled(softMean(halved(residual, size), size >> 1, (COARSEST * pixel) / 2), size >> 1);
  const rgb = Float32Array.from(patch.rgb);
  for (let i = 0; i < area; i++) {
    if (!((where[i] as number) > 0)) continue;
    const t = trust[i] as number;
    for (let o = i; o < 3 * area; o += area) {
      const plate = patch.rgb[o] as number;
      let change = -(coarse[i] as number);
      for (let k = 0; k < sides.length; k++) {
        change += (shares[k]?.[i] as number) * ((sides[k] as Side).carried.difference[o] as number);
      }
      const anew = own && t < ENOUGH ? (own.rgb[o] as number) - plate : change;
      rgb[o] = plate + t * change + (1 - t) * anew;
    }
  }
  return rgb;
}

/** Each side's share in every pixel; they add up to 1. A side that agrees counts more than one that does not. */
function sharesOf(sides: readonly Side[], size: number): Float32Array[] {
  const maps = sides.map(({ weight, trust }) => trust.map((v) => weight * (v + 1e-3)));
  for (let i = 0; i < size * size; i++) {
    let sum = 0;
    for (const map of maps) sum += map[i] as number;
    for (const map of maps) map[i] = sum > 0 ? (map[i] as number) / sum : 1 / maps.length;
  }
  return maps;
}

function carriedShare(trust: Float32Array, matte: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < matte.length; i++) {
    sum += (matte[i] as number) * (trust[i] as number);
    total += matte[i] as number;
  }
  return total > 0 ? sum / total : 0;
}

/** The frame's own facts where it was restored anew, else the anchors'. */
function factsOf(
  anchors: readonly (RestorationFacts | undefined)[],
  own: RestorationFacts | undefined,
  strength: number,
  carried: number,
): RestorationFacts | null {
  const base = own ?? anchors.find((facts) => facts !== undefined);
  return base ? { ...base, dirt: own?.dirt ?? 0, strength, carried } : null;
}

/** Leaves one anchor and reaches the next without a step. */
function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

/** A function of patches that computes once a patch, as long as the patch lives. */
function remembered<T>(compute: (patch: Patch) => T): (patch: Patch) => T {
  const known = new WeakMap<Patch, { readonly value: T }>();
  return (patch) => {
    const entry = known.get(patch) ?? { value: compute(patch) };
    known.set(patch, entry);
    return entry.value;
  };
}
