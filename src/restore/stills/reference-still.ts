import { lumaOfPlanar } from '../../compute/cpu/planar.ts';
import { warpBySimilarity } from '../../compute/cpu/warp.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../face/patch.ts';
import { fitSimilarity, invert, transformLandmarks } from '../../face/similarity.ts';
import type { StillPatch } from './still-patch.ts';

/** A still as detail is taken from it: its luma at the plate's resolution. */
export interface ReferenceStill {
  readonly name: string;
  /** `Float32Array` of size², 0 … 1. */
  readonly luma: Float32Array;
  /** Patch pixels. */
  readonly landmarks: Landmarks;
  /** Patch pixels a still pixel where the still is coarser than the plate, else 1. */
  readonly coarseness: number;
}

/**
 * A still's luma in a patch of side `size`: finer than the plate nothing could be used of it. A still that is coarser is enlarged,
 * and has less detail to give.
 */
export function referenceStill(still: StillPatch, size: number): ReferenceStill {
  const five = fivePoints(still.landmarks);
  const toPatch = fitSimilarity(
    five,
    PATCH_TEMPLATE.map((v) => v * size),
  );
  const rgb = warpBySimilarity({ width: still.size, height: still.size, rgb: still.rgb }, invert(toPatch), size);
  const landmarks = transformLandmarks(toPatch, still.landmarks);
  return {
    name: still.name,
    luma: lumaOfPlanar(rgb),
    landmarks,
    coarseness: Math.max(1, interOcular(fivePoints(landmarks)) / interOcular(five)),
  };
}
