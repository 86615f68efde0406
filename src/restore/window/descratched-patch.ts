import type { Compute } from '../../compute/compute.ts';
import { scratchPictures } from '../../compute/cpu/scratch/scratch-pictures.ts';
import type { Image } from '../../compute/image.ts';
import type { Patch } from '../../compute/patch.ts';

/**
 * A patch without the lines that run down its plate, and where they were (above 0; null: there are none). What a line adds is taken away,
 * so that the picture beneath it stays as far as it shows.
 */
export function descratchedPatch(
  compute: Compute,
  { rgb, size, toPatch, scratches }: Patch,
): { readonly rgb: Image; readonly scratched: Image | null } {
  if (scratches.length === 0) return { rgb: compute.alias(rgb), scratched: null };
  const { added, scratched } = scratchPictures(scratches, size, toPatch);
  using lines = compute.image(added, size, size, 3);
  return { rgb: compute.difference(rgb, lines), scratched: compute.image(scratched, size, size, 1) };
}
