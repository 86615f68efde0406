import type { Compute } from '../compute/compute.ts';
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

/** A restored patch written back to the region that it was lifted from; see `PlateOperations.apply`. */
export async function appliedTo(
  compute: Compute,
  { region, patch, colour }: LiftedFace,
  { rgb, matte }: Pick<Restoration, 'rgb' | 'matte'>,
  options: ApplyOptions,
): Promise<Applied> {
  const { size, toPatch, rgb: original } = patch;
  return await compute.apply(region, { size, toPatch, colour }, { original, rgb, matte }, options);
}
