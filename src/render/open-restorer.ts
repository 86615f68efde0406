import type { Compute } from '../compute/compute.ts';
import type { CarriedRestorer } from '../restore/carried-restorer.ts';
import type { Restorer } from '../restore/restorer.ts';
import { openRestorer } from '../restore/restorer-choice.ts';
import { RESTORERS } from '../restore/restorers.ts';
import type { StillPatch } from '../restore/still-patch.ts';
import type { TrackToRender } from './face-rendering.ts';
import { networkOpener } from './network-opener.ts';

/** Opens the restorer of a track, which is painted from `stills` and computed by `compute`. */
export type OpenRestorer = (
  track: TrackToRender,
  stills: readonly StillPatch[],
  compute: Compute,
) => Promise<Restorer | CarriedRestorer>;

/** Opens the restorer that a track's brief names. A network is opened once, however many tracks are restored with it. */
export function restorerOpener(): OpenRestorer {
  const networksOn = networkOpener();
  return ({ restorer, pose, device }, stills, compute) =>
    openRestorer(RESTORERS, restorer, { pose, stills, networks: networksOn(device), compute });
}
