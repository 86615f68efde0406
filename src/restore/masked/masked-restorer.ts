import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import type { Masker } from '../../face/networks.ts';
import type { Masking } from '../../settings/masking.ts';
import { keyframeNumbers, windowAround } from '../carried/carried-keyframes.ts';
import type { CarriedRestorer } from '../carried/carried-restorer.ts';
import { type ClosedAfterUse, closedAfterUse } from '../carried/closed-after-use.ts';
import type { PatchWindow, Refusal, Restoration, Restorer } from '../restorer.ts';
import { openWindowTools } from '../window/window-tools.ts';
import { type FrameMask, openFrameMasks } from './frame-masks.ts';
import { openMaskAsker } from './mask-asker.ts';
import { MASK_SIDE, visibilityOf } from './mask-grid.ts';
import { endsOf, type MaskPlan, maskedWindow, maskReach } from './masked-window.ts';
import { settledMask } from './settled-mask.ts';

/** A restorer that looks for what is before faces; others may make its masks, or use them. */
export interface MaskedRestorer extends Restorer {
  readonly masks: MaskPlan;
  /** The mask of the window's centre. */
  maskOf(window: PatchWindow): Promise<FrameMask>;
  /** Takes for granted what `maskOf` would answer for a window around this patch. */
  adoptMask(patch: Patch, mask: FrameMask): void;
}

/** A patch as the inner restorer knows it: the same object each time, whose visibility is there when it is restored. */
interface Seen extends ClosedAfterUse {
  readonly patch: Patch;
  /** Gives the patch its visibility, which is made at the first request. */
  lookAt(make: () => Promise<Image>): Promise<void>;
}

/**
 * Tells a restorer, whichever it is, where a face is seen and where something is before it: masks are asked of networks at anchors and
 * where the face changed, carried in between, and settled in time; the patches that are restored have the visibility that comes of it.
 * A pure function of its window, like every restorer. Closing it closes `inner` when what is under way has ended.
 */
export function openMasked<Inner extends Restorer | CarriedRestorer>(
  inner: Inner,
  maskers: readonly Masker[],
  { every, settling, softness }: Pick<Masking, 'every' | 'settling' | 'softness'>,
  compute: Compute,
): Inner & MaskedRestorer {
  const tools = openWindowTools(compute);
  const asker = openMaskAsker(compute, maskers, softness);
  const masks = openFrameMasks(asker, { every }, tools);
  const seen = new Map<Patch, Seen>();
  const opened = closedAfterUse(() => {
    inner[Symbol.dispose]?.();
    asker[Symbol.dispose]();
    tools[Symbol.dispose]();
  });
  const seenOf = (patch: Patch): Seen => {
    const known = seen.get(patch) ?? seenPatch(patch);
    seen.set(patch, known);
    return known;
  };
  const forget = (before: number) => {
    for (const [patch, known] of seen) {
      if (patch.frame >= before) continue;
      known[Symbol.dispose]();
      seen.delete(patch);
    }
    masks.forget(before);
  };
  const settledAt = async (window: PatchWindow, frame: number): Promise<Image> => {
    const [first, last] = endsOf(window);
    const { mask } = await masks.of(window, frame);
    const beside = [];
    for (let distance = 1; distance <= settling; distance++) {
      for (const at of [frame - distance, frame + distance]) {
        if (at >= first && at <= last) beside.push({ distance, mask: (await masks.of(window, at)).mask });
      }
    }
    const { size } = windowAround(window, frame, 0).centre;
    using small = compute.image(visibilityOf(settledMask(mask, beside, settling)), MASK_SIDE, MASK_SIDE, 1);
    return compute.resized(small, size);
  };
  /** The frames' patches know their visibility until this is closed. */
  const lookAt = async (window: PatchWindow, frames: Iterable<number>): Promise<Disposable> => {
    using uses = openOwnership();
    for (const frame of frames) {
      const patch = seenOf(windowAround(window, frame, 0).centre);
      uses.own(patch.use());
      await patch.lookAt(() => settledAt(window, frame));
    }
    return uses.handOver();
  };
  const innerWindow = (window: PatchWindow): PatchWindow => {
    const { centre, before, after } = windowAround(window, window.centre.frame, inner.window);
    const patchOf = (patch: Patch) => seenOf(patch).patch;
    return { centre: patchOf(centre), before: before.map(patchOf), after: after.map(patchOf) };
  };
  const hiddenIn = async ({ landmarks, size, visibility }: Patch): Promise<number> => {
    if (!visibility) return 0;
    using where = compute.faceMatte(landmarks, size, { softness: 0.02 });
    const { seen } = await compute.statistics({ seen: compute.meanWhere(visibility, where) });
    return 1 - seen;
  };
  const keyframesOf = (window: PatchWindow): readonly number[] =>
    'keyframes' in inner ? keyframeNumbers(window.centre.frame, ...endsOf(window), inner.keyframes.every) : [];

  const masked: MaskedRestorer = {
    name: inner.name,
    window: maskedWindow({ window: inner.window, carries: 'keyframes' in inner }, { every, settling }),
    masks: { every, settling },
    async maskOf(window) {
      using _ = opened.use();
      return await masks.of(window, window.centre.frame);
    },
    adoptMask: masks.adopt,
    async restore(window, area) {
      using _ = opened.use();
      using _seen = await lookAt(window, new Set([window.centre.frame, ...keyframesOf(window)]));
      const own = innerWindow(window);
      const restored = await inner.restore(own, area);
      if ('refused' in restored || !restored.facts) return restored;
      const { isAsked } = await masks.of(window, window.centre.frame);
      return { ...restored, facts: { ...restored.facts, hidden: await hiddenIn(own.centre), maskersRan: isAsked } };
    },
    forget(before) {
      forget(before);
      inner.forget?.(before);
      tools.patches.forget(before);
    },
    [Symbol.dispose]() {
      forget(Infinity);
      opened[Symbol.dispose]();
    },
  };
  if (!('keyframes' in inner)) return masked as Inner & MaskedRestorer;
  const carried: CarriedRestorer & MaskedRestorer = {
    ...masked,
    keyframes: { ...inner.keyframes, reach: Math.max(inner.keyframes.reach, maskReach({ every, settling })) },
    async restoreKeyframe(window): Promise<Restoration | Refusal> {
      using _ = opened.use();
      using _seen = await lookAt(window, [window.centre.frame]);
      return await inner.restoreKeyframe(innerWindow(window));
    },
    adoptKeyframe: (patch, restored) => inner.adoptKeyframe(seenOf(patch).patch, restored),
  };
  return carried as unknown as Inner & MaskedRestorer;
}

function seenPatch(patch: Patch): Seen {
  let image: Image | undefined;
  let making: Promise<void> | null = null;
  return {
    ...closedAfterUse(() => image?.[Symbol.dispose]()),
    patch: {
      ...patch,
      get visibility() {
        return image;
      },
    },
    lookAt(make) {
      making ??= make().then((made) => {
        image = made;
      });
      return making;
    },
  };
}
