import type { Compute } from '../compute/compute.ts';
import type { Image } from '../compute/image.ts';
import type { FaceMatteOptions } from '../compute/masks.ts';
import type { Patch } from '../compute/patch.ts';

/** The matte of a face as far as it is seen: what is before it stays the plate's. */
export function visibleMatte(
  compute: Compute,
  { landmarks, size, visibility }: Pick<Patch, 'landmarks' | 'size' | 'visibility'>,
  options: FaceMatteOptions,
): Image {
  using matte = compute.faceMatte(landmarks, size, options);
  return asFarAsSeen(compute, matte, visibility);
}

/** A matte times the visibility of its face, where that is known. */
export function asFarAsSeen(compute: Compute, matte: Image, visibility: Image | undefined): Image {
  if (!visibility) return compute.alias(matte);
  using nothing = compute.difference(matte, matte);
  return compute.crossFaded(matte, nothing, { share: visibility, enough: 1, where: matte });
}
