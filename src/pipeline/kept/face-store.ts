import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../disk/cache-folder.ts';
import { makeFolder, publish, unfinishedName } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { shrinkCache } from '../../disk/shrink-cache.ts';
import type { Region } from '../../film/plate.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { FACE_FILE_FORMAT, type KeptFace, type RenderedFace, readKeptFace, writeKeptFace } from './face-file.ts';

/** The rendered faces of one reel on the disk, each by its key; see `keyedFaces`. */
export interface FaceStore {
  has(key: string): boolean;
  /** True where there is none. */
  isEmpty(): boolean;
  /** Null where there is none, or none that can be used. */
  read(key: string): Promise<KeptFace | null>;
  /**
   * Keeps a face, unless one could not be kept before. Best effort: a full or read-only cache folder costs a note, not the run.
   *
   * @param plate see `writeKeptFace`
   */
  write(key: string, rendered: RenderedFace, plate: Region): Promise<void>;
  /** Removes what was not used for longest where there is too much; to be called when all is written. */
  finish(): Promise<{ readonly note?: string }>;
}

/** Where the faces of all reels are kept. */
export function facesFolder(): string {
  return join(cacheFolder(), 'faces');
}

const SUFFIX = '.face';
/** Greatest size of the faces of all reels; beyond it those that were not used for longest are removed. */
const MAX_BYTES = 4 * 2 ** 30;

/**
 * Opens the faces of a reel in `folder`, which is made when first written to.
 *
 * @param print see `reelPrint`
 * @param most bytes that `finish` leaves in `folder`
 */
export async function openFaceStore(folder: string, print: string, most = MAX_BYTES): Promise<FaceStore> {
  const own = join(folder, hashOf({ format: FACE_FILE_FORMAT, print }));
  const pathOf = (key: string) => join(own, `${key}${SUFFIX}`);
  const names = await readdir(own).catch((): string[] => []);
  const kept = new Set(names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length)));
  let written = false;
  let failed: unknown = null;
  return {
    has: (key) => kept.has(key),
    isEmpty: () => kept.size === 0,
    async read(key) {
      if (!kept.has(key)) return null;
      try {
        const face = await readKeptFace(pathOf(key));
        const now = new Date();
        await utimes(pathOf(key), now, now).catch(() => {});
        return face;
      } catch {
        // Damaged, or removed by another run.
        kept.delete(key);
        return null;
      }
    },
    async write(key, rendered, plate) {
      if (failed !== null || kept.has(key)) return;
      const path = pathOf(key);
      const draft = unfinishedName(path);
      try {
        if (!written) await makeFolder(own);
        written = true;
        await writeKeptFace(draft, rendered, plate);
        await publish(draft, path);
        kept.add(key);
      } catch (error) {
        failed ??= error;
        await rm(draft, { force: true }).catch(() => {});
      }
    },
    async finish() {
      try {
        if (written) await shrinkCache(folder, { suffix: SUFFIX, most });
      } catch (error) {
        failed ??= error;
      }
      if (failed === null) return {};
      return {
        note: `The restored faces could not be kept: ${outputError(own, failed).message} A run that restores these frames will render them again.`,
      };
    },
  };
}
