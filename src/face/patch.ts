import type { FivePoints } from './landmarks.ts';

/**
 * Where the five points lie in a patch of side 1. The alignment of FFHQ (Karras 2019), which leaves room for hair and chin and
 * which open face restorers share, so that a model may be handed a patch as it is.
 */
export const PATCH_TEMPLATE: FivePoints = [
  0.37691676, 0.46864664, 0.62285697, 0.46912813, 0.50123859, 0.61331904, 0.39308822, 0.725411, 0.61150205, 0.72490465,
];

/** Inter-ocular distance in a patch of side 1. */
export const PATCH_INTER_OCULAR = 0.24594;

/** Sides of patches, pixels. */
export const PATCH_SIZES = [256, 512, 1024, 2048] as const;

/** Steps in which tracks' patches grow, and the least of them, pixels: restoring costs by the pixel, and no restorer needs a power of two. */
const TRACK_STEP = 64;
const SMALLEST_TRACK = 128;

/** The patch size at which a track whose largest face has this inter-ocular distance keeps its resolution, 2048 at most. */
export function trackPatchSize(largestInterOcular: number): number {
  const size = TRACK_STEP * Math.ceil(largestInterOcular / PATCH_INTER_OCULAR / TRACK_STEP);
  return Math.min(PATCH_SIZES[PATCH_SIZES.length - 1] as number, Math.max(SMALLEST_TRACK, size));
}

/** The smallest patch size at which a patch pixel covers no more than one plate pixel, 2048 at most. */
export function patchSizeFor(interOcularOnPlate: number): number {
  const needed = interOcularOnPlate / PATCH_INTER_OCULAR;
  return PATCH_SIZES.find((size) => size >= needed) ?? 2048;
}
