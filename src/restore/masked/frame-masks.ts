import type { Patch } from '../../compute/patch.ts';
import { mix } from '../../film/interpolate.ts';
import { keyframeNumbers, windowAround } from '../carried/carried-keyframes.ts';
import type { PatchWindow } from '../restorer.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { carriedMask, type MaskAnchor } from './carried-mask.ts';
import type { MaskAsker } from './mask-asker.ts';
import { endsOf, type MaskPlan } from './masked-window.ts';

/** The softened mask of one frame, before it is settled. */
export interface FrameMask {
  readonly mask: Float32Array;
  /** True where maskers were asked in this frame. */
  readonly isAsked: boolean;
}

/** Makes the masks of frames, each once for as long as it is not forgotten. */
export interface FrameMasks {
  /** Of a frame of a window that reaches the anchors on both sides of it, or its run's ends. */
  of(window: PatchWindow, frame: number): Promise<FrameMask>;
  /** Takes for granted what making the mask of a patch would answer. */
  adopt(patch: Patch, mask: FrameMask): void;
  /** Those before frame `before`. */
  forget(before: number): void;
}

/** How much more of a face a mask may show than what maskers saw in the very frame: less than the half from which anything is seen. */
const MOST_BEYOND = 0.35;

/**
 * Anchors are every `every`-th frame of the reel, and the first and the last frame of each run of frames without a gap: there maskers
 * are asked. In between the masks of both sides are carried; where the face shows what neither shows, maskers are asked in the frame
 * itself, and believed there, the carried masks elsewhere. What they see before the face in that frame is never taken for the face.
 */
export function openFrameMasks(asker: MaskAsker, { every }: Pick<MaskPlan, 'every'>, tools: WindowTools): FrameMasks {
  const kept = new Map<Patch, Promise<FrameMask>>();
  const ask = async (patch: Patch): Promise<FrameMask> => {
    using prepared = tools.patches.lend(patch);
    return { mask: await asker.ask(prepared.rgb), isAsked: true };
  };
  const between = async (patch: Patch, anchors: readonly MaskAnchor[]): Promise<FrameMask> => {
    const { mask, trust, isChanged } = await carriedMask(patch, anchors, tools);
    if (!isChanged) return { mask, isAsked: false };
    const asked = (await ask(patch)).mask;
    const mixed = asked.map((own, i) => {
      return Math.min(own + MOST_BEYOND, mix(own, mask[i] as number, trust[i] as number));
    });
    return { mask: mixed, isAsked: true };
  };
  const of = (window: PatchWindow, frame: number): Promise<FrameMask> => {
    const patch = windowAround(window, frame, 0).centre;
    const known = kept.get(patch) ?? made(window, patch);
    kept.set(patch, known);
    return known;
  };
  const made = async (window: PatchWindow, patch: Patch): Promise<FrameMask> => {
    const { frame } = patch;
    const [left, right] = keyframeNumbers(frame, ...endsOf(window), every);
    if (left === frame || right === frame) return ask(patch);
    const share = (frame - left) / (right - left);
    const anchorAt = async (at: number, weight: number): Promise<MaskAnchor> => {
      const { mask } = await of(window, at);
      return { patch: windowAround(window, at, 0).centre, mask, weight };
    };
    return between(patch, [await anchorAt(left, 1 - share), await anchorAt(right, share)]);
  };
  return {
    of,
    adopt: (patch, mask) => void kept.set(patch, Promise.resolve(mask)),
    forget(before) {
      for (const patch of kept.keys()) if (patch.frame < before) kept.delete(patch);
    },
  };
}
