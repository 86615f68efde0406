import { link, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { codeOf, copyDurably, makeFolder, NO_LINKS, sha256OfFiles, sweepStale, unfinishedName } from './durable.ts';
import { formatBytes } from './format-bytes.ts';
import { openHoldFolder, sweepHolds } from './hot-holds.ts';
import { type HotNews, type HotPlaces, makeHotRoom } from './hot-room.ts';
import { OutputError, outputError } from './output-error.ts';
import { sha256Of } from './sha256.ts';

/** A file to be had from a hot folder. */
export interface HotWish {
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** What the file is to be called; default its SHA-256. */
  readonly name?: string;
  /** Writes the whole file at `draft` and waits until it is on the disk; called where the folder has it not. */
  readonly fill: (draft: string) => Promise<void>;
}

/** A copy in a hot folder. */
export interface HotCopy {
  readonly path: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Files in use: none of them is removed before the hold is disposed of, or its process has ended. */
export interface HotHold extends AsyncDisposable {
  /** The folder in which they are. */
  readonly folder: string;
  /**
   * A file's path. A copy that was changed since it was checked is hashed anew, and made anew where it is another.
   *
   * @throws OutputError where there is no room for it, it cannot be written, or what filled it is another file
   */
  get(wish: HotWish): Promise<string>;
  /**
   * Copies of `files`, each called as its source. Sources are only read.
   *
   * @throws OutputError where there is no room for all of them, or one cannot be copied
   */
  copy(files: readonly string[], signal?: AbortSignal): Promise<readonly HotCopy[]>;
  /** Lets copies that nobody will ask for again be the first to go where room is needed, once they are not in use. */
  retire(copies: readonly Pick<HotCopy, 'path'>[]): Promise<void>;
}

/**
 * A folder on a fast disk that holds copies of files by their SHA-256. Several processes of a machine may share it. Where it is full, the
 * copies that were not used for longest are removed.
 */
export interface HotFolder {
  readonly folder: string;
  hold(): Promise<HotHold>;
  /** Bytes that are missing for `needed` more, once all that is not in use is removed; 0 where there is room. Removes what must go. */
  missing(needed: number): Promise<number>;
}

export interface HotFolderOptions {
  readonly folder: string;
  /** Greatest size of all that is in it. */
  readonly bytes: number;
  /** Called with what happens to its copies; what it throws ends what was asked for. */
  readonly onNews?: (news: HotNews) => void;
}

/** Milliseconds from which an unfinished file counts as given up: a younger one may be written by another container. */
const ABANDONED = 60 * 60 * 1000;

/** Opens the folder, which is made where it is missing, and clears what ended processes have left. @throws OutputError */
export async function openHotFolder({
  folder: given,
  bytes: most,
  onNews = () => {},
}: HotFolderOptions): Promise<HotFolder> {
  const folder = resolve(given);
  const places = { copies: join(folder, 'copies'), drafts: join(folder, 'drafts'), holds: join(folder, 'holds') };
  for (const place of Object.values(places)) await makeFolder(place);
  await sweepStale(places.drafts, { olderThan: ABANDONED });
  await sweepHolds(places.holds);
  const missing = (needed: number) => makeHotRoom(folder, places, { needed, most, onNews });
  const make: HotRoom['make'] = async (needed) => {
    const lacking = await missing(needed);
    if (lacking === 0) return;
    throw new OutputError(
      folder,
      `The hot folder "${folder}" has no room for ${formatBytes(needed)}: ${formatBytes(lacking)} are missing, though all that is not in use was removed. Raise --hot-size (now ${formatBytes(most)}), free some space on its disk, or run fewer slots.`,
    );
  };
  return {
    folder,
    missing,
    hold: async () => hotHold(await openHoldFolder(places.holds), places, { missing, make, onNews }),
  };
}

/** Room for more bytes. */
interface HotRoom {
  readonly missing: HotFolder['missing'];
  /** @throws OutputError where there is none */
  readonly make: (needed: number) => Promise<void>;
  readonly onNews: (news: HotNews) => void;
}

function hotHold(folder: string, places: HotPlaces, room: HotRoom): HotHold {
  /** SHA-256 of the files in it, by their names. */
  const held = new Map<string, string>();

  /** True where the folder has the copy: it then bears `name` here. */
  const taken = async (sha256: string, name: string): Promise<boolean> => {
    const copy = join(places.copies, sha256);
    const path = join(folder, name);
    if (!(await linked(copy, path))) return false;
    if (await isWhole(path, sha256)) return true;
    room.onNews({ code: 'E_HOT_DAMAGED', reason: `${name} is not what its SHA-256 ${sha256} says` });
    await Promise.all([rm(copy, { force: true }), rm(path, { force: true })]);
    return false;
  };

  /** Gives a checked draft its name here, and then among the copies: it is in use from the first moment on. */
  const kept = async (draft: string, sha256: string, name: string): Promise<void> => {
    await stamp(draft, sha256);
    if (!(await linked(draft, join(folder, name)))) throw new TypeError('Unreachable: a draft went while it was used.');
    await rename(draft, join(places.copies, sha256));
  };

  const filled = async (name: string, work: (draft: string) => Promise<void>): Promise<void> => {
    const draft = unfinishedName(join(places.drafts, `${basename(folder)}-${name}`));
    try {
      await work(draft);
    } catch (cause) {
      throw cause instanceof Error && codeOf(cause) !== '' ? outputError(draft, cause) : cause;
    } finally {
      await rm(draft, { force: true });
    }
  };

  return {
    folder,
    async get({ sha256, bytes, name = sha256, fill }) {
      const path = join(folder, name);
      if (held.get(name) === sha256 && (await isWhole(path, sha256))) return path;
      await rm(path, { force: true });
      if (!(await taken(sha256, name))) {
        await room.make(bytes);
        await filled(name, async (draft) => {
          await fill(draft);
          const got = await sha256OfFiles([draft]);
          if (got !== sha256) {
            throw new OutputError(
              path,
              `What was copied into the hot folder as "${name}" should have SHA-256 ${sha256}, got ${got}: its source is damaged, or another file. It is not used. Put the right one back at its source.`,
            );
          }
          await kept(draft, sha256, name);
        });
        // Others may have filled the same room meanwhile.
        await room.missing(0);
      }
      held.set(name, sha256);
      return path;
    },
    async copy(files, signal) {
      if (new Set(files.map((file) => basename(file))).size < files.length) {
        throw new TypeError('Files of one name cannot be in one hold.');
      }
      const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
      await room.make(sizes.reduce((sum, size) => sum + size, 0));
      const copies: HotCopy[] = [];
      for (const file of files) {
        signal?.throwIfAborted();
        const name = basename(file);
        await rm(join(folder, name), { force: true });
        await filled(name, async (draft) => {
          await copyDurably(file, draft);
          const sha256 = await sha256OfFiles([draft]);
          if (!(await taken(sha256, name))) await kept(draft, sha256, name);
          held.set(name, sha256);
          const path = join(folder, name);
          copies.push({ path, sha256, bytes: (await stat(path)).size });
        });
      }
      await room.missing(0);
      return copies;
    },
    async retire(copies) {
      for (const { path } of copies) {
        const { mtime } = await stat(path);
        await utimes(path, new Date(0), mtime);
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Gives a file a second name; false where the file is not there. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    if (!NO_LINKS.has(codeOf(cause))) throw outputError(to, cause);
    await copyDurably(from, to);
  }
  return true;
}

/** True where the file has the SHA-256: by its stamp, or where that differs, by its bytes. It counts as used now. */
async function isWhole(path: string, sha256: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found) return false;
  const isStamped = found.mtimeMs === stampOf(sha256, found.size).getTime();
  if (!isStamped && (await sha256OfFiles([path])) !== sha256) return false;
  await stamp(path, sha256);
  return true;
}

/** Marks a file as checked, and as used now. */
async function stamp(path: string, sha256: string): Promise<void> {
  const { size } = await stat(path);
  await utimes(path, new Date(), stampOf(sha256, size));
}

/**
 * The time of change that a checked copy is given: drawn from its hash and its size, so that whoever changes the file loses it. When it was
 * last used is its time of access.
 */
function stampOf(sha256: string, size: number): Date {
  return new Date(1000 * Number.parseInt(sha256Of(`${sha256} ${size}`).slice(0, 7), 16));
}
