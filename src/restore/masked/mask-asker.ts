import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { openOwnership } from '../../compute/ownership.ts';
import type { Masker } from '../../face/networks.ts';
import { openPatchCrops } from '../crop/patch-crops.ts';
import { commonMask, onMaskGrid, softened } from './mask-grid.ts';

/** Asks maskers of patches. */
export interface MaskAsker extends Disposable {
  /** The softened mask of a patch (3 planes): each masker is run once, and a place is the face where all see it. */
  ask(rgb: Image): Promise<Float32Array>;
}

/** @param softness standard deviation of the Gaussian that softens masks, inter-ocular distances */
export function openMaskAsker(compute: Compute, maskers: readonly Masker[], softness: number): MaskAsker {
  const owned = openOwnership();
  const shown = maskers.map((masker) => ({ masker, crops: owned.own(openPatchCrops(compute, masker)) }));
  return {
    async ask(rgb) {
      const masks: Float32Array[] = [];
      for (const { masker, crops } of shown) {
        masks.push(onMaskGrid(await masker.mask(await crops.seen(rgb)), masker));
      }
      return softened(commonMask(masks), softness);
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  };
}
