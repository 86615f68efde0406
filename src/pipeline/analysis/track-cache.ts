import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, makeFolder, publish, unfinishedName } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import type { FrameRange } from '../../film/range.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import { readTracks, TRACK_BLOB_FORMAT, writeTracks } from './track-blob.ts';
import type { TrackedReel } from './track-reel.ts';

/** All that observation depends on. */
export interface TrackKey {
  /** See `reelPrint`. */
  readonly print: string;
  readonly range: FrameRange;
  readonly transfer: string;
  /** The settings of the preset that observation reads; any JSON. */
  readonly settings: unknown;
  /** Ids and hashes of the weights; any JSON. */
  readonly models: unknown;
  readonly reuse: boolean;
  /** Reelmend's own: another version may look otherwise. */
  readonly version: string;
}

/** Tracks on the disk, by what they were made from. References play no part: the same tracks serve any cast. */
export interface TrackCache {
  /** Null where there is nothing, or nothing usable: then `note` says so in a sentence. */
  read(key: TrackKey): Promise<{ readonly tracked: TrackedReel | null; readonly note?: string }>;
  /** Best effort: a full or read-only cache folder costs a note, not the run. */
  write(key: TrackKey, tracked: TrackedReel): Promise<{ readonly note?: string }>;
}

const SUFFIX = '.tracks';
/** The cache may grow to this; then what was not used for the longest time goes. */
const MAX_BYTES = 4 * 2 ** 30;

/** Keeps tracks in `folder`, which is made when first written to. */
export function openTrackCache(folder: string): TrackCache {
  const pathOf = (key: TrackKey) => join(folder, `${hashOf({ format: TRACK_BLOB_FORMAT, ...key })}${SUFFIX}`);
  return {
    async read(key) {
      const path = pathOf(key);
      try {
        const tracked = await readTracks(path);
        const now = new Date();
        await utimes(path, now, now).catch(() => {});
        return { tracked };
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return { tracked: null };
        return {
          tracked: null,
          note: `The kept tracks in "${path}" were not used: ${reasonOf(error)}. The reel was looked at again.`,
        };
      }
    },
    async write(key, tracked) {
      const path = pathOf(key);
      const draft = unfinishedName(path);
      try {
        await makeFolder(folder);
        await writeTracks(draft, tracked);
        await publish(draft, path);
        await shrink(folder, path);
        return {};
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        return {
          note: `The tracks could not be kept: ${outputError(path, error).message} The next run will look at the reel again.`,
        };
      }
    },
  };
}

/** Removes what was used longest ago until the folder fits, but never `kept`. */
async function shrink(folder: string, kept: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  let total = files.reduce((sum, file) => sum + file.size, 0);
  for (const file of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= MAX_BYTES) return;
    if (file.path === kept) continue;
    await rm(file.path, { force: true });
    total -= file.size;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
