import type { Compute } from '../compute/compute.ts';
import type { PlateColour } from '../compute/plate-colour.ts';
import type { Applied, ApplyOptions } from '../compute/plates.ts';
import type { Patch } from '../face/patch.ts';
import type { Region } from '../film/plate.ts';
import type { Restoration } from '../restore/restorer.ts';

/** A restored patch written back to the region that it was lifted from; see `PlateOperations.apply`. */
export async function appliedTo(
  compute: Compute,
  region: Region,
  { size, toPatch, rgb }: Patch,
  restored: Pick<Restoration, 'rgb' | 'matte'>,
  colour: PlateColour,
  options: ApplyOptions,
): Promise<Applied> {
  using original = compute.image(rgb, size, size, 3);
  using painted = compute.image(restored.rgb, size, size, 3);
  using matte = compute.image(restored.matte, size, size, 1);
  return await compute.apply(region, { size, toPatch, colour }, { original, rgb: painted, matte }, options);
}
