import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Enhancer } from '../../face/networks.ts';
import { eligibleRepair, finished, type RepairOptions } from '../repair.ts';
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
      const repaired = await eligibleRepair(window, tools);
      if ('refused' in repaired) return repaired;
      using face = repaired;
      using answer = await crops.answered(face.rgb, (rgb) => network.enhance(rgb, options.weight));
      using answered = crops.placed(face.rgb, answer);
      using found = await answerDetail(compute, face, answered, blurOfPatch(window.centre));
      using shown = compute.withDetail(face.rgb, found.detail, { strength: options.strength, most: MOST });
      return withGate(finished(compute, face, shown, options), compute.alias(found.gate));
    },
    async repair(window, area) {
      const repaired = await eligibleRepair(window, tools, area);
      if ('refused' in repaired) return repaired;
      using face = repaired;
      return finished(compute, face, face.rgb, options);
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
