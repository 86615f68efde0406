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

/** The smallest patch size at which a patch pixel covers no more than one plate pixel, 2048 at most. */
export function patchSizeFor(interOcularOnPlate: number): number {
  const needed = interOcularOnPlate / PATCH_INTER_OCULAR;
  return PATCH_SIZES.find((size) => size >= needed) ?? 2048;
}
