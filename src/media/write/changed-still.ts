import { type Changes, storedRows } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import { type FolderReel, storedAs } from '../../film/reel.ts';
import { storedPlate } from '../read/decode.ts';
import type { StoredRows } from '../still/still.ts';

/** An upright plate of a folder as its still is to be changed: the plate as it is stored, and the stored rows that differ. */
export function stillChange(reel: FolderReel, plate: Plate, changed: Changes): { plate: Plate; rows: StoredRows } {
  const stored = storedAs(reel, plate.frame);
  const layer = reel.layer === undefined ? {} : { layer: reel.layer };
  return {
    plate: storedPlate(reel, plate),
    rows: { ...storedRows(changed, plate, stored), orientation: stored.orientation, ...layer },
  };
}
