import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { codeOf } from '../../../disk/durable.ts';
import { ReelError } from '../../../film/reel-error.ts';
import { inParallel } from '../../../stream/in-parallel.ts';
import { stillKindOf } from '../folder/frame-sequence.ts';

/** A picture of a folder, as it lies there. */
export interface FoundPicture {
  /** From the folder on, with `/` between folders. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, milliseconds since 1970. */
  readonly written: number;
}

/** A file or folder with a picture's name that cannot be looked at, and why: continues the sentence "`name` …". */
export interface LostPicture {
  readonly name: string;
  readonly why: string;
}

export interface PictureList {
  /** By name. */
  readonly pictures: readonly FoundPicture[];
  readonly lost: readonly LostPicture[];
  /** Files of kinds that are not read, by their extensions. */
  readonly others: ReadonlyMap<string, number>;
}

/** Files that are asked about at once. */
const READERS = 8;

/**
 * The pictures of a folder and of all folders in it, whatever their names; without what systems hide. Links to files are followed,
 * links to folders are not.
 *
 * @throws ReelError where the folder itself cannot be read
 */
export async function listPictures(folder: string): Promise<PictureList> {
  const names: string[] = [];
  const lost: LostPicture[] = [];
  const others = new Map<string, number>();
  const waiting = [''];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const entries = await entriesOf(folder, at, lost);
    for (const entry of entries) {
      const own = entry.name.toString('utf8');
      if (own.startsWith('.')) continue;
      const name = at === '' ? own : `${at}/${own}`;
      if (!isUtf8(entry.name))
        lost.push({ name, why: 'has a name that is not UTF-8, by which no program can ask for it' });
      else if (entry.isDirectory()) waiting.push(name);
      else if (stillKindOf(own) !== undefined) names.push(name);
      else others.set(extname(own).toLowerCase(), (others.get(extname(own).toLowerCase()) ?? 0) + 1);
    }
  }
  const found: (FoundPicture | null)[] = names.map(() => null);
  await inParallel(names.length, READERS, async (k) => {
    const name = names[k] as string;
    const path = join(folder, name);
    try {
      const facts = await stat(path);
      if (facts.isFile()) found[k] = { name, path, bytes: facts.size, written: facts.mtimeMs };
      else lost.push({ name, why: 'is no file' });
    } catch (cause) {
      lost.push({ name, why: codeOf(cause) === 'ENOENT' ? 'is a link to what does not exist' : whyNot(cause) });
    }
  });
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  return { pictures: found.filter((one) => one !== null).sort(byName), lost: lost.sort(byName), others };
}

async function entriesOf(folder: string, at: string, lost: LostPicture[]): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(join(folder, at), { withFileTypes: true, encoding: 'buffer' });
  } catch (cause) {
    if (at !== '') {
      lost.push({ name: at, why: whyNot(cause) });
      return [];
    }
    const why =
      codeOf(cause) === 'ENOENT' ? 'it does not exist' : codeOf(cause) === 'ENOTDIR' ? 'it is no folder' : null;
    throw new ReelError(
      `"${folder}" ${why === null ? whyNot(cause) : `cannot be read: ${why}`}. --each wants a folder of pictures: check the path.`,
      { cause },
    );
  }
}

/** Continues the sentence "`name` …". */
export function whyNot(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: this user may not';
  if (code === 'ELOOP') return 'is a link that leads in a circle';
  return `cannot be read (${code === '' ? (cause as Error).message : code})`;
}
