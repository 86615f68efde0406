import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { outputError } from './output-error.ts';

/** Distinguishes this process's unfinished files from those of an earlier process with the same id, as containers reuse ids. */
const LIFE = randomUUID().slice(0, 8);
const UNFINISHED = /^\.tmp-(\d+)-([0-9a-f]{8})-/;

/** A name beside `final` that no finished file has; `sweepStale` removes it when its process is gone. */
export function unfinishedName(final: string): string {
  return join(dirname(final), `.tmp-${process.pid}-${LIFE}-${basename(final)}`);
}

/** True for a name that `unfinishedName` makes. */
export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name);
}

/** Writes a whole file and waits until it is on the disk. Not atomic: write under `unfinishedName`, then `publish`. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await using file = await open(path, 'w');
    await file.writeFile(bytes);
    await file.sync();
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** Text in memory before it is written, characters. */
const WRITTEN_AT_ONCE = 1 << 20;

/** The same of texts one behind the other, of which none is kept. */
export async function writeTextsDurably(path: string, texts: Iterable<string>): Promise<void> {
  try {
    await using file = await open(path, 'w');
    let waiting = '';
    for (const text of texts) {
      waiting += text;
      if (waiting.length < WRITTEN_AT_ONCE) continue;
      // Of an open file it writes on from where that is.
      await file.writeFile(waiting);
      waiting = '';
    }
    await file.writeFile(waiting);
    await file.sync();
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** Copies a file, sharing its blocks where the file system can, and waits until the copy is on the disk. */
export async function copyDurably(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (cause) {
    throw outputError(to, cause);
  }
  // The copy has the source's permissions: a read-only file can still be synced through a reading handle.
  await syncPath(to);
}

/** Waits until a file's content, or a folder's list of names, is on the disk. */
export async function syncPath(path: string): Promise<void> {
  try {
    await using handle = await open(path, 'r');
    await handle.sync();
  } catch (cause) {
    // Windows and some network file systems do not sync folders; the rename itself is all that they offer.
    if (['EISDIR', 'EPERM', 'EINVAL', 'EBADF', 'ENOTSUP'].includes(codeOf(cause))) return;
    throw outputError(path, cause);
  }
}

/**
 * Gives a finished file or folder its final name in one step, and waits until the name is on the disk. A file replaces a file; a
 * folder replaces an empty folder only.
 */
export async function publish(unfinished: string, final: string): Promise<void> {
  try {
    await rename(unfinished, final).catch(async (cause: unknown) => {
      // Windows renames no folder over an empty one.
      if (!['EEXIST', 'EPERM'].includes(codeOf(cause))) throw cause;
      await rmdir(final);
      await rename(unfinished, final);
    });
  } catch (cause) {
    throw outputError(final, cause);
  }
  await syncPath(dirname(final));
}

/** Moves a file within its disk, over a file of that name; `syncPath` the folders to make it durable. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    throw outputError(to, cause);
  }
}

/** What file systems without hard links (exFAT, some network shares) answer. */
export const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Gives a file a second name on its disk, or where that has no links, a copy; `syncPath` the folder to make it durable. */
export async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (cause) {
    if (!NO_LINKS.has(codeOf(cause))) throw outputError(to, cause);
    await copyDurably(from, to);
  }
}

export interface SweepOptions {
  readonly final?: string;
  readonly olderThan?: number;
}

/**
 * Removes what processes that are gone have left unfinished in `folder`; nothing where there is no such folder.
 *
 * @param which `final`: only what would be named so. `olderThan`: only what was last written so many milliseconds ago: for folders
 * that several machines write to, none of which knows the others' processes.
 */
export async function sweepStale(folder: string, which: SweepOptions = {}): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const match = UNFINISHED.exec(name);
    if (match && which.final !== undefined && name.slice(match[0].length) !== which.final) continue;
    if (!match || match[2] === LIFE || (Number(match[1]) !== process.pid && isLiving(Number(match[1])))) continue;
    const path = join(folder, name);
    if (which.olderThan !== undefined && !((await ageOf(path)) > which.olderThan)) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Creates a folder and those above it, and waits until its name is on the disk. */
export async function makeFolder(path: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      // Of a read-only disk Node says that it is not there.
      if (codeOf(cause) !== 'ENOENT') throw cause;
      return makeEach(path);
    });
    if (first) await syncPath(dirname(first));
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** Creates a folder and those above it one by one; gives the first. */
async function makeEach(path: string): Promise<string> {
  const made = await mkdir(path).catch((cause: unknown) => cause);
  if (made === undefined) return path;
  if (codeOf(made) !== 'ENOENT' || dirname(path) === path) throw made;
  const first = await makeEach(dirname(path));
  await mkdir(path);
  return first;
}

/** Bytes that this user can still write to the disk of `path`, which itself need not exist yet. */
export async function freeBytes(path: string): Promise<number> {
  for (let at = path; ; at = dirname(at)) {
    try {
      const disk = await statfs(at);
      return disk.bavail * disk.bsize;
    } catch (cause) {
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(cause)) || dirname(at) === at) throw outputError(path, cause);
    }
  }
}

/** Bytes that are read and hashed at a time. */
const HASHED_AT_ONCE = 2 ** 20;

/** SHA-256 over the bytes of files one after another, lower-case hex. */
export async function sha256OfFiles(
  paths: Iterable<string>,
  signal?: AbortSignal,
  onFile?: (path: string, sha256: string) => void,
): Promise<string> {
  const hash = createHash('sha256');
  // One buffer for all of them: a stream takes new memory for every chunk, which costs more to collect than to hash.
  const chunk = new Uint8Array(HASHED_AT_ONCE);
  for (const path of paths) {
    signal?.throwIfAborted();
    await using file = await open(path, 'r');
    const own = onFile ? createHash('sha256') : null;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
      own?.update(chunk.subarray(0, bytesRead));
    }
    if (own) onFile?.(path, own.digest('hex'));
  }
  return hash.digest('hex');
}

export function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

/** Milliseconds since a file was last written; NaN where it has gone. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found ? Date.now() - found.mtimeMs : Number.NaN;
}

/** True where a process of this number runs on this machine. */
export function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === 'EPERM';
  }
}
