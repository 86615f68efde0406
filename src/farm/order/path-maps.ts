import { stat } from 'node:fs/promises';
import { isAbsolute, type PlatformPath, posix, resolve, win32 } from 'node:path';
import { UsageError } from '../../settings/usage-error.ts';

/** A folder that two machines see at different places, absolute on each. */
export interface PathMap {
  /** Where the machine that submits sees it. */
  readonly from: string;
  /** Where it is here. */
  readonly to: string;
}

/** A drive (`Z:`, `Z:\`, `z:/`) or a share (`\\server`). */
const WINDOWS = /^(?:[A-Za-z]:(?:[\\/]|$)|\\\\[^\\/])/;
/** The first equals sign with an absolute path behind it: a folder's name may have one, too. */
const PAIR = /^(.+?)=((?:\/|[A-Za-z]:(?:[\\/]|$)|\\\\).*)$/s;

/**
 * Reads maps as the command line takes them, `FROM=TO`.
 *
 * @param flag how errors name them
 * @throws UsageError for a text that is no pair of absolute paths, a folder that is mapped twice, and one that is not here
 */
export async function parsePathMaps(texts: readonly string[], flag: string): Promise<readonly PathMap[]> {
  const maps: PathMap[] = [];
  for (const text of texts) {
    const map = parsePathMap(text, flag);
    if (!isAbsolute(map.to)) {
      throw new UsageError(
        `${flag} "${text}": "${map.to}" is a path of another system. Behind the equals sign name the folder as this machine sees it.`,
      );
    }
    const to = resolve(map.to);
    if (maps.some(({ from }) => isSameFolder(from, map.from))) {
      throw new UsageError(`${flag} "${text}": "${map.from}" is mapped already. Leave one of the two out.`);
    }
    const found = await stat(to).catch(() => null);
    if (!found?.isDirectory()) {
      const fault = found ? `"${to}" is a file, not a folder` : `there is no folder "${to}" here`;
      throw new UsageError(`${flag} "${text}": ${fault}. Mount it first, or correct what is behind the equals sign.`);
    }
    maps.push({ from: map.from, to });
  }
  return maps;
}

/** Reads one such map, of whichever machine's paths. @throws UsageError for a text that is no pair of absolute paths */
export function parsePathMap(text: string, flag: string): PathMap {
  const [, from, to] = PAIR.exec(text) ?? [];
  if (from === undefined || to === undefined || dialectOf(from) === null) {
    throw new UsageError(
      `${flag} "${text}": two absolute folders were expected, with an equals sign between them. Write it as ${flag} /mnt/nas=Z:\\nas: first where the machine that submits sees the folder, then where it is here.`,
    );
  }
  return { from, to };
}

/**
 * Where a path of the machine that submits is here: by the map with the longest folder that holds it, in whole names. A path that no map
 * holds, and what is no absolute path, stays as it is. Windows' names are compared without regard to case.
 */
export function mappedPath(path: string, maps: readonly PathMap[]): string {
  const map = mapOf(path, maps);
  if (!map) return path;
  const below = namesOf(path).slice(namesOf(map.from).length);
  return dialectOf(map.to)?.join(map.to, ...below) ?? path;
}

/** The map by which a path is found here; undefined where none holds it. */
export function mapOf(path: string, maps: readonly PathMap[]): PathMap | undefined {
  return maps
    .filter(({ from }) => holds(from, path))
    .sort((a, b) => namesOf(b.from).length - namesOf(a.from).length)[0];
}

function isSameFolder(a: string, b: string): boolean {
  return holds(a, b) && holds(b, a);
}

/** True where `path` is the folder, or lies in it. */
function holds(folder: string, path: string): boolean {
  const dialect = dialectOf(folder);
  if (dialect === null || dialect !== dialectOf(path)) return false;
  const names = namesOf(path);
  const fold = (name: string | undefined) => (dialect === win32 ? name?.toLowerCase() : name);
  return namesOf(folder).every((name, k) => fold(name) === fold(names[k]));
}

/** How an absolute path is written; null where it is not absolute. */
function dialectOf(path: string): PlatformPath | null {
  if (WINDOWS.test(path)) return win32;
  return path.startsWith('/') ? posix : null;
}

/** The root and the folders of an absolute path, with `.` and `..` resolved. */
function namesOf(path: string): readonly string[] {
  const dialect = dialectOf(path) ?? posix;
  const { root } = dialect.parse(dialect.normalize(dialect === win32 && path.length === 2 ? `${path}\\` : path));
  const below = dialect.normalize(path).slice(root.length);
  return [root.replace(/\\$/, ''), ...below.split(dialect.sep).filter((name) => name !== '')];
}
