import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { codeOf, isUnfinished } from '../disk/durable.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { fileTime } from './file-time.ts';
import { modeText } from './read-source.ts';
import type { BackupRoot } from './reel-roots.ts';

/** Files that are to be backed up, and how they lie. */
export interface FoundSources {
  /** The folder that all of them lie below, absolute. */
  readonly from: string;
  /** In the order of their paths. */
  readonly files: readonly FoundFile[];
  readonly folders: BackupManifest['folders'];
  readonly leftOut: BackupManifest['leftOut'];
}

export interface FoundFile {
  /** Below the folder that all lie below, with "/" between the parts. */
  readonly path: string;
  /** Absolute. */
  readonly source: string;
  /** Bytes, when it was found. */
  readonly size: number;
}

/**
 * Lists the files of roots, each once. Links to files count as files; links to folders are left out.
 *
 * @throws UsageError for a root that is not there, and for roots on several drives
 */
export async function findSources(roots: readonly BackupRoot[]): Promise<FoundSources> {
  const from = commonFolder(roots.map(({ path }) => dirname(path)));
  const files = new Map<string, Omit<FoundFile, 'path'>>();
  const folders = new Map<string, BigIntStats>();
  const leftOut = new Map<string, string>();
  const belowFrom = (path: string) => relative(from, path).split(sep).join('/');

  const addFolder = async (root: BackupRoot, folder: string, facts: BigIntStats): Promise<boolean> => {
    let hasTaken = root.takes === undefined;
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      leftOut.set(belowFrom(folder), unreadable(cause));
      return [];
    });
    for (const entry of entries) hasTaken = (await addEntry(root, join(folder, entry.name), entry)) || hasTaken;
    if (hasTaken) folders.set(belowFrom(folder), facts);
    return hasTaken;
  };
  const addEntry = async (root: BackupRoot, path: string, entry: Dirent): Promise<boolean> => {
    const facts = await stat(path, { bigint: true }).catch(() => null);
    if (facts?.isDirectory() && !entry.isSymbolicLink()) return addFolder(root, path, facts);
    const below = relative(root.path, path).split(sep).join('/');
    if (isUnfinished(entry.name) || root.takes?.(below) === false) return false;
    if (facts?.isFile()) files.set(belowFrom(path), { source: path, size: Number(facts.size) });
    else leftOut.set(belowFrom(path), facts === null ? 'it has gone, or leads nowhere' : kindOf(facts));
    return true;
  };

  for (const root of roots) {
    const facts = await stat(root.path, { bigint: true }).catch(() => null);
    if (facts?.isDirectory()) await addFolder(root, root.path, facts);
    else if (facts?.isFile()) files.set(belowFrom(root.path), { source: root.path, size: Number(facts.size) });
    else throw new UsageError(`There is no file or folder "${root.path}" to back up. Check the path.`);
  }
  return {
    from,
    files: inOrder(files).map(([path, file]) => ({ path, ...file })),
    folders: inOrder(folders).map(([path, { mtimeNs, mode }]) => ({
      path,
      mtime: fileTime(mtimeNs),
      mode: modeText(mode),
    })),
    leftOut: inOrder(leftOut).map(([path, why]) => ({ path, why })),
  };
}

function unreadable(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read the folder';
  return code === 'ENOENT' ? 'the folder has gone' : `the folder cannot be read: ${(cause as Error).message}`;
}

function kindOf(facts: BigIntStats): string {
  return facts.isDirectory() ? 'it is a link to a folder' : 'it is neither a file nor a folder';
}

function inOrder<Value>(found: ReadonlyMap<string, Value>): [string, Value][] {
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The deepest folder that all these lie in, or are. */
function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  for (let folder = first; ; folder = dirname(folder)) {
    if (others.every((other) => isIn(folder, other))) return folder;
    if (folder === dirname(folder)) {
      throw new UsageError(
        `What is to be backed up lies on several drives: ${folders.join(', ')}. Back up each drive's by itself.`,
      );
    }
  }
}

/** True where a path is a folder, or lies below it. */
export function isIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way));
}
