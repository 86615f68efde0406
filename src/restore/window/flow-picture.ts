import type { FlowPictureOptions } from '../../compute/flows.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';

/** Inter-ocular distance, pixels, above which motion is looked for at half the size: finer it follows the grain, and costs four times as much. */
const FINE_ENOUGH = 60;
/** Radius of the local mean, inter-ocular distances. */
const MEAN_RADIUS = 0.25;

/** How a patch of side `size` is prepared for dense flow: at half the size or less where it is larger than needed. */
export function flowPictureOptions(size: number): FlowPictureOptions {
  let scale = 1;
  while (size * PATCH_INTER_OCULAR > FINE_ENOUGH * scale) scale *= 2;
  return { scale, radius: localMeanRadius(size) / scale };
}

/** Radius of the local mean by which a patch of side `size` is prepared at its own size, pixels. */
export function localMeanRadius(size: number): number {
  return MEAN_RADIUS * PATCH_INTER_OCULAR * size;
}
