import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import { smoothstep } from '../../film/interpolate.ts';
import { eligibilityOf } from '../eligibility.ts';
import type { PatchWindow, Refusal, Restoration, RestorationFacts, Restorer } from '../restorer.ts';
import { visibleMatte } from '../visible-matte.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { agreementOf, type SideAgreement } from './carried-agreement.ts';
import { blendOf } from './carried-blend.ts';
import { type CarriedFrame, type CarriedKeyframe, carriedFrame, carryDifference } from './carried-difference.ts';
import { type KeyframePlan, keyframesAround, windowAround } from './carried-keyframes.ts';
import { closedAfterUse } from './closed-after-use.ts';
import { keepKeyframes } from './kept-keyframes.ts';

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
  /** Takes for granted what `restoreKeyframe` would answer for a window around this patch, and takes it over. */
  adoptKeyframe(patch: Patch, restored: Restoration | Refusal): void;
}

/** Trust from which a pixel needs no restoring of its own, and matte below which nobody sees it. */
const BOUNDS = { enough: 0.98, unseen: 0.02 };

/** A keyframe on one side of a frame. */
interface Source {
  /** How near it is in time; both sides' add up to 1. */
  readonly weight: number;
  readonly keyframe: CarriedKeyframe;
  readonly facts: RestorationFacts | undefined;
}

/**
 * Spares an expensive restorer: it restores the keyframes, every `every`-th frame of the reel. In between, what it changed in the
 * keyframes on both sides is carried along the face's motion and cross-faded wherever a frame shows what the keyframes show, gain and
 * grain apart; where it does not (lips, lids, a hand, dirt) the restorer looks at those tiles of the frame itself. One that can repair a
 * frame at little cost does so first: where only dirt told both apart, nothing more is restored.
 *
 * Where the frame is carried its own grain stays in full, and what is coarser than grain follows the keyframes, which do not flicker.
 * A pure function of its window, like every restorer; keyframes are remembered until they are forgotten. Closing it closes `inner`
 * when what is under way has ended.
 */
export function openCarried(
  inner: Restorer,
  { every, matteSoftness }: CarriedOptions,
  tools: WindowTools,
): CarriedRestorer {
  const { compute } = tools;
  const plan = { every, reach: inner.window };
  const keyframes = keepKeyframes((window) => inner.restore(window), compute);
  const opened = closedAfterUse(() => inner[Symbol.dispose]?.());
  const matteOf = (patch: Patch, strength: number) =>
    visibleMatte(compute, patch, { softness: matteSoftness, strength });

  const carriedTo = async (
    window: PatchWindow,
    sources: readonly Source[],
    strength: number,
  ): Promise<Restoration | Refusal> => {
    using owned = openOwnership();
    using results = openOwnership();
    const { centre } = window;
    const frame = owned.own(carriedFrame(centre, tools));
    const matte = results.own(matteOf(centre, strength));
    const carried = sources.map(({ keyframe }) => owned.own(carryDifference(keyframe, frame, tools)));
    const carriedOn = async (to: CarriedFrame) => {
      const { tiles, sides } = await agreementOf(to, carried, compute);
      const mixed = carried.map((carried, k) => {
        return { ...(sides[k] as SideAgreement), weight: (sources[k] as Source).weight, carried };
      });
      const { rgb, trust } = blendOf(compute, to, mixed, tiles);
      owned.own(rgb);
      owned.own(trust);
      const { trusted } = await compute.statistics({ trusted: compute.carriedTrust(trust, matte, BOUNDS) });
      return { rgb, trust, ...trusted };
    };
    const around = windowAround(window, centre.frame, inner.window);
    let seen = await carriedOn(frame);
    let repairedFacts: RestorationFacts | undefined;
    if (seen.untrusted && inner.repair) {
      const repaired = await inner.repair(around, seen.untrusted);
      if ('refused' in repaired) return repaired;
      const { rgb } = owned.own(repaired);
      seen = await carriedOn({ ...frame, rgb, luma: owned.own(compute.luma(rgb)) });
      repairedFacts = repaired.facts;
    }
    const { rgb, trust, untrusted: area } = seen;
    const own = area ? await inner.restore(around, area) : null;
    if (own && 'refused' in own) return own;
    using anew = own;
    const fade = { share: trust, enough: BOUNDS.enough, where: frame.where };
    const shown = results.own(anew ? compute.crossFaded(rgb, anew.rgb, fade) : compute.alias(rgb));
    const facts = factsOf(
      sources.map(({ facts }) => facts),
      anew?.facts ?? repairedFacts,
      strength,
      anew ? seen.share : 1,
    );
    return { rgb: shown, matte, ...(facts ? { facts } : {}), ...results.handOver() };
  };
  /** A keyframe's restoration as that of a frame. */
  const asFrame = (restored: Restoration | Refusal, centre: Patch, strength: number): Restoration | Refusal => {
    if ('refused' in restored) return restored;
    const { facts } = restored;
    using matte = matteOf(centre, strength);
    return aliased(compute, { ...restored, matte, ...(facts ? { facts: { ...facts, carried: 0 } } : {}) });
  };

  return {
    name: inner.name,
    window: every + inner.window,
    keyframes: plan,
    async restoreKeyframe(window) {
      using _ = opened.use();
      using keyframe = keyframes.lend(windowAround(window, window.centre.frame, plan.reach));
      const restored = await keyframe.restored();
      return 'refused' in restored ? restored : aliased(compute, restored);
    },
    adoptKeyframe: keyframes.adopt,
    async restore(window) {
      using _ = opened.use();
      const { centre } = window;
      const { strength } = eligibilityOf(centre);
      const { left, right, share } = keyframesAround(window, plan);
      // Both at once: what is forgotten or closed meanwhile stays until this frame is done.
      using near = keyframes.lend(left);
      using far = keyframes.lend(right);
      const first = await near.restored();
      if (left.centre === centre) return asFrame(first, centre, strength);
      const second = await far.restored();
      if (right.centre === centre) return asFrame(second, centre, strength);

      const weight = smoothstep(0, 1, share);
      const sources = [
        { lent: near, restored: first, weight: 1 - weight },
        { lent: far, restored: second, weight },
      ].flatMap(({ lent, restored, weight }): Source[] => {
        if ('refused' in restored) return [];
        return [{ weight, keyframe: lent.carriedOf(restored), facts: restored.facts }];
      });
      return await carriedTo(window, sources, strength);
    },
    forget(before) {
      keyframes.forget(before);
      inner.forget?.(before);
    },
    [Symbol.dispose]() {
      keyframes[Symbol.dispose]();
      opened[Symbol.dispose]();
    },
  };
}

/** A restoration on other handles, to be closed by itself. */
function aliased(compute: Compute, { rgb, matte, facts, layers }: Restoration): Restoration {
  using owned = openOwnership();
  const another = (image: Image) => owned.own(compute.alias(image));
  const { repaired, gate } = layers ?? {};
  const images = {
    rgb: another(rgb),
    matte: another(matte),
    ...(layers
      ? { layers: { ...(repaired ? { repaired: another(repaired) } : {}), ...(gate ? { gate: another(gate) } : {}) } }
      : {}),
  };
  return { ...images, ...(facts ? { facts } : {}), ...owned.handOver() };
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
