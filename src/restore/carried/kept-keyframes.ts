import type { Compute } from '../../compute/compute.ts';
import type { Patch } from '../../compute/patch.ts';
import type { PatchWindow, Refusal, Restoration } from '../restorer.ts';
import { type CarriedKeyframe, carriedKeyframe } from './carried-difference.ts';
import { type ClosedAfterUse, closedAfterUse } from './closed-after-use.ts';

/** A keyframe for as long as it is needed; closed by whoever asked for it. */
export interface LentKeyframe extends Disposable {
  /** Its restoration, begun when it is first asked for. It stays the keeper's, and may be looked at until this is closed. */
  restored(): Promise<Restoration | Refusal>;
  /** What is carried of that. */
  carriedOf(restored: Restoration): CarriedKeyframe;
}

/** Keeps keyframes for the frames that are carried from them. What is in use while it is forgotten, or closed, stays until it no longer is. */
export interface KeptKeyframes extends Disposable {
  /** The keyframe in the middle of a window. */
  lend(window: PatchWindow): LentKeyframe;
  /** Takes for granted what restoring a patch would answer, and takes it over. */
  adopt(patch: Patch, restored: Restoration | Refusal): void;
  /** Those before frame `before`. */
  forget(before: number): void;
}

interface Kept extends ClosedAfterUse {
  restored: Promise<Restoration | Refusal> | null;
  /** What `restored` has come to; null: nothing yet. */
  answer: Restoration | Refusal | null;
  carried: CarriedKeyframe | null;
}

export function keepKeyframes(
  restore: (window: PatchWindow) => Promise<Restoration | Refusal>,
  compute: Compute,
): KeptKeyframes {
  const kept = new Map<Patch, Kept>();
  const letGo = (patch: Patch) => {
    kept.get(patch)?.[Symbol.dispose]();
    kept.delete(patch);
  };
  const forget = (before: number) => {
    for (const patch of kept.keys()) if (patch.frame < before) letGo(patch);
  };
  return {
    lend(window) {
      const { centre } = window;
      const keyframe = kept.get(centre) ?? keptOf();
      kept.set(centre, keyframe);
      const use = keyframe.use();
      return {
        restored() {
          keyframe.restored ??= restore(window).then((answer) => {
            keyframe.answer = answer;
            return answer;
          });
          return keyframe.restored;
        },
        carriedOf(restored) {
          keyframe.carried ??= carriedKeyframe(centre, restored, compute);
          return keyframe.carried;
        },
        [Symbol.dispose]: () => use[Symbol.dispose](),
      };
    },
    adopt(patch, restored) {
      letGo(patch);
      kept.set(patch, keptOf(restored));
    },
    forget,
    [Symbol.dispose]: () => forget(Infinity),
  };
}

function keptOf(answer: Kept['answer'] = null): Kept {
  const close = () => {
    kept.carried?.[Symbol.dispose]();
    if (kept.answer && !('refused' in kept.answer)) kept.answer[Symbol.dispose]();
  };
  const restored = answer && Promise.resolve(answer);
  const kept: Kept = { ...closedAfterUse(close), restored, answer, carried: null };
  return kept;
}
