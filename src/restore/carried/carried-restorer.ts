import { faceMatte } from '../../face/matte.ts';
import type { Patch } from '../../face/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import type { Roi } from '../../film/roi.ts';
import { eligibilityOf } from '../eligibility.ts';
import type { PatchWindow, Refusal, Restoration, RestorationFacts, Restorer } from '../restorer.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { blendOf, ENOUGH, withOwn } from './carried-blend.ts';
import { type CarriedKeyframe, carriedFrame, carriedKeyframe, carryDifference } from './carried-difference.ts';
import { type KeyframePlan, keyframesAround, windowAround } from './carried-keyframes.ts';

export interface CarriedOptions {
  /** Frames from one keyframe to the next. */
  readonly every: number;
  /** Width of the matte's soft edge, inter-ocular distances. */
  readonly matteSoftness: number;
}

/** A restorer that carries; others may restore its keyframes, or use them. */
export interface CarriedRestorer extends Restorer {
  readonly keyframes: KeyframePlan;
  /** Restores the window's centre as a keyframe. */
  restoreKeyframe(window: PatchWindow): Promise<Restoration | Refusal>;
  /** Takes for granted what `restoreKeyframe` would answer for a window around this patch. */
  adoptKeyframe(patch: Patch, restored: Restoration | Refusal): void;
}

/** Matte below which nobody sees a pixel. */
const UNSEEN = 0.02;

/**
 * Spares an expensive restorer: it restores the keyframes, every `every`-th frame of the reel. In between, what it changed in the
 * keyframes on both sides is carried along the face's motion and cross-faded wherever a frame shows what the keyframes show, gain and
 * grain apart; where it does not (lips, lids, a hand, dirt) the restorer looks at those tiles of the frame itself.
 *
 * Where the frame is carried its own grain stays in full, and what is coarser than grain follows the keyframes, which do not flicker.
 * A pure function of its window, like every restorer; what keyframes cost is remembered as long as their patches live.
 */
export function openCarried(
  inner: Restorer,
  { every, matteSoftness }: CarriedOptions,
  tools: WindowTools,
): CarriedRestorer {
  const known = new WeakMap<Patch, Promise<Restoration | Refusal>>();
  const keyframes = new WeakMap<Patch, CarriedKeyframe>();
  const spare: Float32Array[] = [];
  const plan = { every, reach: inner.window };
  const keyframeOf = (window: PatchWindow) => {
    const restored = known.get(window.centre) ?? inner.restore(window);
    known.set(window.centre, restored);
    return restored;
  };
  const sourceOf = (patch: Patch, restored: Restoration) => {
    const keyframe = keyframes.get(patch) ?? carriedKeyframe(patch, restored);
    keyframes.set(patch, keyframe);
    return keyframe;
  };

  return {
    name: inner.name,
    window: every + inner.window,
    keyframes: plan,
    restoreKeyframe: (window) => keyframeOf(windowAround(window, window.centre.frame, plan.reach)),
    adoptKeyframe: (patch, restored) => void known.set(patch, Promise.resolve(restored)),
    async restore(window) {
      const { centre } = window;
      const { strength } = eligibilityOf(centre);
      const { left, right, share } = keyframesAround(window, plan);
      const first = await keyframeOf(left);
      const matte = faceMatte(centre.landmarks, centre.size, { softness: matteSoftness });
      if (strength < 1) for (let i = 0; i < matte.length; i++) matte[i] = strength * (matte[i] as number);
      if (left.centre === centre) return asKeyframe(first, matte);
      const second = await keyframeOf(right);
      if (right.centre === centre) return asKeyframe(second, matte);

      using frame = await carriedFrame(centre, tools);
      const carrying = [
        { keyframe: left.centre, restored: first, weight: 1 - smoothstep(0, 1, share) },
        { keyframe: right.centre, restored: second, weight: smoothstep(0, 1, share) },
      ].flatMap(({ keyframe, restored, weight }) => {
        if ('refused' in restored) return [];
        const planes = spare.pop() ?? new Float32Array(4 * centre.size ** 2);
        const carried = carryDifference(sourceOf(keyframe, restored), frame, tools, planes);
        return [carried.then((carried) => ({ weight, restored, carried }))];
      });
      const sides = await Promise.all(carrying);
      const blend = blendOf(frame, sides);
      spare.push(...sides.map(({ carried }) => carried.planes));
      const area = untrusted(blend.trust, matte, centre.size);
      const own = area ? await inner.restore(windowAround(window, centre.frame, inner.window), area) : null;
      if (own && 'refused' in own) return own;
      const rgb = own ? withOwn(blend, own.rgb, frame) : blend.rgb;
      const facts = factsOf(
        sides.map(({ restored }) => restored.facts),
        own?.facts,
        strength,
        own ? carriedShare(blend.trust, matte) : 1,
      );
      return { rgb, matte, ...(facts ? { facts } : {}) };
    },
    [Symbol.dispose]: () => inner[Symbol.dispose]?.(),
  };
}

function asKeyframe(restored: Restoration | Refusal, matte: Float32Array): Restoration | Refusal {
  if ('refused' in restored) return restored;
  const { facts } = restored;
  return { ...restored, matte, ...(facts ? { facts: { ...facts, carried: 0 } } : {}) };
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

function carriedShare(trust: Float32Array, matte: Float32Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < matte.length; i++) {
    sum += (matte[i] as number) * (trust[i] as number);
    total += matte[i] as number;
  }
  return total > 0 ? sum / total : 0;
}

/** The frame's own facts where it was restored anew, else the keyframes'. */
function factsOf(
  keyframes: readonly (RestorationFacts | undefined)[],
  own: RestorationFacts | undefined,
  strength: number,
  carried: number,
): RestorationFacts | null {
  const base = own ?? keyframes.find((facts) => facts !== undefined);
  return base ? { ...base, dirt: own?.dirt ?? 0, strength, carried } : null;
}
