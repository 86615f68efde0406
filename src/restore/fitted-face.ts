import type { Compute } from '../compute/compute.ts';
import type { Figures, Image } from '../compute/image.ts';
import type { Patch } from '../compute/patch.ts';
import { outlineDirections } from '../face/outline.ts';

/** How much contrast a transfer may take or give: beyond it, noise or a poor measure is being matched. */
const LEAST_RATIO = 0.7;
const GREATEST_RATIO = 1.4;
/** Side of the grid on which the membrane is solved, pixels. */
const MEMBRANE_GRID = 128;

/** A face of another origin (3 planes) that is fitted into a patch. */
export interface ForeignFace {
  readonly rgb: Image;
  readonly landmarks: Patch['landmarks'];
}

/**
 * A foreign face whose skin has another colour, where `where` is above 0 (Reinhard 2001).
 *
 * @param to mean and deviation in lαβ, as `Light.colour` has them
 */
export function inColourOf(
  compute: Compute,
  { rgb, landmarks }: ForeignFace,
  where: Image,
  to: readonly number[],
): Image {
  const from: Figures<readonly number[]> = compute.colourOfPatch(rgb, landmarks);
  return compute.transferColour(rgb, where, from, { to, leastRatio: LEAST_RATIO, greatestRatio: GREATEST_RATIO });
}

/**
 * A foreign face into which the plate's light flows along the matte's edge (Poisson blend).
 *
 * @param matte of the whole face, whatever is before it: the band is told along the outline, and what is painted keeps its light while a
 *   hand passes
 * @param band the plate's, as `Light.band` has it
 */
export function inLightOf(compute: Compute, { rgb, landmarks }: ForeignFace, matte: Image, band: Float32Array): Image {
  const { x, y } = outlineDirections(landmarks);
  const options = { band, x, y, grid: MEMBRANE_GRID };
  return compute.withMembrane(rgb, matte, compute.bandOfPatch(rgb, landmarks), options);
}
