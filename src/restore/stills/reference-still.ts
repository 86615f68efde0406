import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { StillPatch } from './still-patch.ts';

/** A still as detail is taken from it. Closing it closes its image. */
export interface ReferenceStill extends Disposable {
  /** Its luma at the plate's resolution. */
  readonly luma: Image;
  /** Patch pixels. */
  readonly landmarks: Landmarks;
}

/**
 * A still's luma in a patch of side `size`: finer than the plate nothing could be used of it. A still that is coarser is enlarged,
 * and has less detail to give.
 */
export function referenceStill(compute: Compute, still: StillPatch, size: number): ReferenceStill {
  const toPatch = fitSimilarity(
    fivePoints(still.landmarks),
    PATCH_TEMPLATE.map((v) => v * size),
  );
  using picture = compute.image(still.rgb, still.size, still.size, 3);
  using rgb = compute.warpBySimilarity(picture, invert(toPatch), size);
  const luma = compute.luma(rgb);
  return {
    luma,
    landmarks: transformLandmarks(toPatch, still.landmarks),
    [Symbol.dispose]: () => luma[Symbol.dispose](),
  };
}
