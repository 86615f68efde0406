import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Enhancer } from '../../face/networks.ts';
import { eligibilityOf } from '../eligibility.ts';
import { finished, type RepairOptions, repaired } from '../repair.ts';
import type { Restoration, Restorer } from '../restorer.ts';
import { blurOfPatch } from '../window/blur-of-patch.ts';
import type { WindowTools } from '../window/window-tools.ts';
import { answerDetail } from './answer-detail.ts';
import { openPatchCrops } from './patch-crops.ts';

export interface FaceEnhanceOptions extends RepairOptions {
  /** How much of what the network finds and the plate agrees with is added, 1 = all of it. */
  readonly strength: number;
  /** How far the network holds to what it is shown, 0 … 1. */
  readonly weight: number;
}

/** How much what is added may darken or brighten a pixel, as a factor. */
const MOST = 2;

/**
 * Repairs a face, then adds what a network that restores faces finds in it: shown the repaired face in its own square, what it changes
 * finer than the plate's blur goes into the luma, as far as it is believed (`answerDetail`). Shape, light and colour stay the plate's,
 * and the frame's own grain goes on top. Of a face the network sees all or nothing, whatever part is asked for.
 */
export function openFaceEnhance(
  network: Enhancer,
  options: FaceEnhanceOptions,
  tools: WindowTools,
): Restorer & Disposable {
  const { compute } = tools;
  const crops = openPatchCrops(compute, network);
  return {
    name: 'enhance',
    window: options.window,
    async restore(window) {
      const eligibility = eligibilityOf(window.centre);
      if (eligibility.strength === 0) return { refused: eligibility.limit };
      using face = await repaired(window, tools);
      if (!face) return { refused: 'flash' };
      using answer = await crops.answered(face.rgb, (rgb) => network.enhance(rgb, options.weight));
      using answered = crops.placed(face.rgb, answer);
      using found = await answerDetail(compute, face, answered, blurOfPatch(window.centre));
      using shown = compute.withDetail(face.rgb, found.detail, { strength: options.strength, most: MOST });
      return withGate(finished(compute, face, shown, { ...options, ...eligibility }), compute.alias(found.gate));
    },
    async repair(window, area) {
      const eligibility = eligibilityOf(window.centre);
      if (eligibility.strength === 0) return { refused: eligibility.limit };
      using face = await repaired(window, tools, area);
      return face ? finished(compute, face, face.rgb, { ...options, ...eligibility }) : { refused: 'flash' };
    },
    forget: (before) => tools.patches.forget(before),
    [Symbol.dispose]() {
      crops[Symbol.dispose]();
      tools[Symbol.dispose]();
    },
  };
}

/** A restoration that shows how far its network was believed. Both are the new one's from now on. */
function withGate(restored: Restoration, gate: Image): Restoration {
  using owned = openOwnership();
  const { layers } = owned.own(restored);
  return { ...restored, layers: { ...layers, gate: owned.own(gate) }, ...owned.handOver() };
}
