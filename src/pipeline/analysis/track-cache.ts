import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, makeFolder, publish, unfinishedName } from '../../disk/durable.ts';
import { outputError } from '../../disk/output-error.ts';
import { shrinkCache } from '../../disk/shrink-cache.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { TrackedPart } from './range-plan.ts';
import { readShot, SHOT_FILE_FORMAT, writeShot } from './shot-file.ts';
import type { KeptShot } from './tracked-reel.ts';

/** All that tracking depends on, except the range of frames. */
export interface TrackKey {
  /** See `reelPrint`. */
  readonly print: string;
  readonly transfer: string;
  /** How frames are stored that are turned to be upright; any JSON. */
  readonly stored?: unknown;
  /** The layer that was asked for. */
  readonly layer?: string;
  /** The settings of the preset that tracking reads; any JSON. */
  readonly settings: unknown;
  /** Ids and hashes of the networks; any JSON. */
  readonly models: unknown;
  readonly reuse: boolean;
  /** `TRACKING_VERSION`. */
  readonly version: number;
  /** Versions of the programs that decode pictures and run networks. */
  readonly ffmpeg: string;
  readonly runtime: string;
  /** What the networks run on: another may answer otherwise in the last digits. */
  readonly device: string;
}

/** A shot that is kept. */
export interface ShotEntry extends TrackedPart {
  readonly path: string;
}

/**
 * The tracks of one reel on the disk, shot by shot, so that a tracked range serves every range in it. They do not depend on
 * references: the same tracks serve any casting.
 */
export interface TrackCache {
  entries(): Promise<ShotEntry[]>;
  /** Null where the file is not usable: then `note` says so in a sentence. */
  read(entry: ShotEntry): Promise<{ readonly shot: KeptShot | null; readonly note?: string }>;
  /** Keeps shots, and drops the parts of them that they supersede. Best effort: a full or read-only cache folder costs a note, not the run. */
  write(shots: readonly KeptShot[]): Promise<{ readonly note?: string }>;
}

const SUFFIX = '.tracks';
/** First frame, first frame behind it, and whether the shot starts and ends there, in a file's name. */
const NAME = /^(\d+)-(\d+)-([01])([01])\.tracks$/;
/** Greatest size of the cache; beyond it the files that were not used for longest are removed. */
const MAX_BYTES = 4 * 2 ** 30;

/** Keeps tracks in a folder of their key in `folder`, which is made when first written to. */
export function openTrackCache(folder: string, key: TrackKey): TrackCache {
  const own = join(folder, hashOf({ format: SHOT_FILE_FORMAT, ...key }));
  const entries = async (): Promise<ShotEntry[]> => {
    const names: string[] = await readdir(own).catch(() => []);
    return names.flatMap((name) => {
      const [, from, out, starts, ends] = NAME.exec(name) ?? [];
      if (from === undefined) return [];
      const range = { in: Number(from), out: Number(out) };
      return [{ ...range, startsShot: starts === '1', endsShot: ends === '1', path: join(own, name) }];
    });
  };
  return {
    entries,
    async read({ path }) {
      try {
        const shot = await readShot(path);
        const now = new Date();
        await utimes(path, now, now).catch(() => {});
        return { shot };
      } catch (error) {
        // Another run has superseded it.
        if (codeOf(error) === 'ENOENT') return { shot: null };
        return {
          shot: null,
          note: `The kept tracks in "${path}" were not used: ${reasonOf(error)}. Their frames were tracked again.`,
        };
      }
    },
    async write(shots) {
      try {
        await makeFolder(own);
        for (const shot of shots) await publishShot(own, shot);
        for (const entry of await entries()) {
          const isPart = shots.some((shot) => entry.in >= shot.in && entry.out <= shot.out && !isSame(entry, shot));
          if (isPart) await rm(entry.path, { force: true });
        }
        await shrinkCache(folder, { suffix: SUFFIX, most: MAX_BYTES, except: own });
        return {};
      } catch (error) {
        return {
          note: `The tracks could not be kept: ${outputError(own, error).message} The next run will track the reel again.`,
        };
      }
    },
  };
}

async function publishShot(folder: string, shot: KeptShot): Promise<void> {
  const path = join(folder, nameOf(shot));
  const draft = unfinishedName(path);
  try {
    await writeShot(draft, shot);
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

function nameOf({ in: from, out, startsShot, endsShot }: TrackedPart): string {
  return `${from}-${out}-${Number(startsShot)}${Number(endsShot)}${SUFFIX}`;
}

function isSame(a: TrackedPart, b: TrackedPart): boolean {
  return nameOf(a) === nameOf(b);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
