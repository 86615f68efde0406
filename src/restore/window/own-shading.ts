import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import type { AlignedWindow } from './aligned-window.ts';
import { expressiveRegions } from './expressive-regions.ts';

/** Width of the Gaussian beyond which shading is the frame's own; how far around mouth and eyes, and how softly that ends, inter-ocular distances. */
const COARSE = 0.1;
const AROUND = 0.25;
const SOFT = 0.08;

/**
 * A mean (3 planes) with the frame's own coarse light in mouth, eyes and what is around them: a lid that sinks shades the skin beside it
 * by less than grain makes, and a mean over neighbours flattens that. Light as coarse as this holds next to no grain.
 *
 * @param own 1 where the centre's own samples are good, 0 on dirt
 */
export function keepOwnShading(
  compute: Compute,
  mean: Image,
  window: Pick<AlignedWindow, 'size' | 'centre' | 'where' | 'landmarks'>,
  own: Image,
): Image {
  const half = window.size >> 1;
  const distance = PATCH_INTER_OCULAR * half;
  using expressive = expressiveRegions(compute, window.landmarks, { size: half, scale: 2, margin: AROUND * distance });
  const { centre, where } = window;
  const options = { coarse: COARSE * distance, soft: SOFT * distance };
  return compute.withOwnShading(mean, { centre, where, own, expressive }, options);
}
