import type { Compute } from '../../compute/compute.ts';
import type { FlowPicture } from '../../compute/flows.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Patch } from '../../compute/patch.ts';
import { descratchedPatch } from './descratched-patch.ts';
import { flowPictureOptions } from './flow-picture.ts';

/** What is computed once a patch, whichever windows it is in. */
export interface PreparedPatch extends Disposable {
  /** The patch without scratches, 3 planes. */
  readonly rgb: Image;
  /** Above 0 where it was scratched; null: nowhere. */
  readonly scratched: Image | null;
  readonly picture: FlowPicture;
}

/** Keeps what is computed once a patch, for the windows that come. */
export interface PreparedPatches extends Disposable {
  /** A patch made ready. Whoever asked closes it when the window is done; it stays known while other windows may want it. */
  lend(patch: Patch): PreparedPatch;
  /** Closes those of frames before frame `before`, none of which is lent. */
  forget(before: number): void;
}

/** Patches that are kept beyond as many as were ever held at once: keyframes lie outside the windows between them. */
const KEPT_BESIDES = 4;

interface Known {
  readonly prepared: PreparedPatch;
  users: number;
}

/** What was not asked for longest goes first. */
export function openPreparedPatches(compute: Compute): PreparedPatches {
  const known = new Map<Patch, Known>();
  let held = 0;
  let most = 0;
  const dropOldest = () => {
    for (const [patch, { prepared, users }] of known) {
      if (known.size <= most + KEPT_BESIDES) return;
      if (users > 0) continue;
      known.delete(patch);
      prepared[Symbol.dispose]();
    }
  };
  const forget = (before: number) => {
    for (const [patch, { prepared }] of known) {
      if (patch.frame >= before) continue;
      known.delete(patch);
      prepared[Symbol.dispose]();
    }
  };
  return {
    forget,
    lend(patch) {
      const entry = known.get(patch) ?? { prepared: preparedPatch(compute, patch), users: 0 };
      known.delete(patch);
      known.set(patch, entry);
      if (entry.users === 0) held += 1;
      entry.users += 1;
      most = Math.max(most, held);
      let isLent = true;
      return {
        ...entry.prepared,
        [Symbol.dispose]() {
          if (!isLent) return;
          isLent = false;
          entry.users -= 1;
          if (entry.users === 0) held -= 1;
          dropOldest();
        },
      };
    },
    [Symbol.dispose]: () => forget(Infinity),
  };
}

function preparedPatch(compute: Compute, patch: Patch): PreparedPatch {
  using owned = openOwnership();
  const { rgb, scratched } = descratchedPatch(compute, patch);
  owned.own(rgb);
  if (scratched) owned.own(scratched);
  const picture = owned.own(compute.flowPicture(rgb, flowPictureOptions(patch.size)));
  return { rgb, scratched, picture, ...owned.handOver() };
}
