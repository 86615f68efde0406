import type { Compute } from '../compute/compute.ts';
import { coverRegion } from '../compute/cpu/plate/cover.ts';
import type { Patch } from '../compute/patch.ts';
import type { Applied, ApplyOptions } from '../compute/plates.ts';
import type { Region } from '../film/plate.ts';
import type { PlateColour } from '../film/plate-colour.ts';
import type { Restoration } from '../restore/restorer.ts';

/** A lifted face, and the region of the plate that it was lifted from. */
export interface LiftedFace {
  readonly region: Region;
  readonly patch: Patch;
  readonly colour: PlateColour;
}

/**
 * A restored patch written back to the region that it was lifted from: see `PlateOperations.apply`, and `coverRegion` for one that covers
 * the face, which every backend leaves to the processor.
 */
export async function appliedTo(
  compute: Compute,
  { region, patch, colour }: LiftedFace,
  { rgb, matte, covers }: Pick<Restoration, 'rgb' | 'matte' | 'covers'>,
  options: ApplyOptions,
): Promise<Applied> {
  const { size, toPatch, rgb: original } = patch;
  if (covers) {
    const [picture, alpha] = await Promise.all([compute.read(rgb), compute.read(matte)]);
    return coverRegion(region, { size, toPatch, colour }, { rgb: picture, matte: alpha }, options);
  }
  return await compute.apply(region, { size, toPatch, colour }, { original, rgb, matte }, options);
}
