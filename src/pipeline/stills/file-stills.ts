import { openFloatPool } from '../../compute/cpu/float-pool.ts';
import { PATCH_INTER_OCULAR, patchSizeFor } from '../../face/patch.ts';
import type { SharedStill } from '../../render/face-rendering.ts';
import type { PersonReferences } from './people.ts';
import type { StillPictures } from './still-pictures.ts';
import { sharedStill, stillPatch } from './stills-to-paint.ts';

/** Side of the largest patch that a still is laid in, pixels. */
const FINEST_STILL = 2048;

/** The stills of people's files as faces are painted from them, each laid once. */
export interface FileStills {
  /** @param fine true where stills that are finer than a patch of this size are of use as they are */
  of(person: string | null, patchSize: number, fine: boolean): Promise<readonly SharedStill[]>;
}

export function fileStills(references: readonly PersonReferences[], pictures: StillPictures): FileStills {
  const laid = new Map<string, Promise<readonly SharedStill[]>>();
  const pool = openFloatPool();
  const lay = async ({ stills }: PersonReferences, largest: number): Promise<readonly SharedStill[]> => {
    const patches: SharedStill[] = [];
    for (const { name, sha256, face } of stills) {
      const picture = await pictures.picture(sha256);
      const patch = stillPatch({ name, picture, landmarks: face.landmarks }, largest, pool);
      patches.push(sharedStill(patch));
      pool.giveBack(patch.rgb);
    }
    return patches;
  };
  return {
    async of(person, patchSize, fine) {
      const own = references.find(({ name }) => name === person);
      if (!own) return [];
      const largest = fine ? FINEST_STILL : patchSizeFor(patchSize * PATCH_INTER_OCULAR);
      const key = `${own.name} ${largest}`;
      const known = laid.get(key) ?? lay(own, largest);
      laid.set(key, known);
      return known;
    },
  };
}
