import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  codeOf,
  copyDurably,
  makeFolder,
  moveFile,
  publish,
  sweepStale,
  syncPath,
  unfinishedName,
  writeDurably,
} from '../../disk/durable.ts';
import { OutputError, outputError } from '../../disk/output-error.ts';

/** In the work folder: a mark that this work has begun to publish, so that what is in `out` is its own. */
const PUBLISHING = 'publishing';

/**
 * Checks that `out` is free to become a movie or a folder of stills: it does not exist, is an empty folder, or holds what the run of
 * `work` has begun to put there.
 *
 * @throws OutputError with a sentence for the user.
 */
export async function assertTargetFree(out: string, work?: string): Promise<void> {
  const path = resolve(out);
  let names: string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    if (codeOf(cause) === 'ENOTDIR' && (await exists(path))) {
      throw new OutputError(path, `"${out}" already exists. Choose another --out, or remove the file.`);
    }
    throw outputError(path, cause);
  }
  if (names.length === 0) return;
  if (work !== undefined && (await readFile(join(resolve(work), PUBLISHING), 'utf8').catch(() => '')) === path) return;
  throw new OutputError(
    path,
    `"${out}" already holds ${names.length} ${names.length === 1 ? 'file' : 'files'}. Choose an empty or new folder for --out, or empty this one.`,
  );
}

/**
 * Gives the joined folder its final name. Where that is not possible, because `out` is the root of a mounted disk, each frame is
 * put there under an unfinished name and renamed when it is whole. Can be called again after a crash at any point.
 */
export async function publishFrames(
  joined: string,
  out: string,
  work: string,
  names: readonly string[],
): Promise<void> {
  await assertTargetFree(out, work);
  await writeDurably(join(work, PUBLISHING), Buffer.from(out));
  await makeFolder(dirname(out));
  const left = await readdir(joined);
  const there = await readdir(out).catch(() => []);
  if (left.length === 0 && there.length === names.length) {
    await rmdir(joined);
    return;
  }
  try {
    if (there.length > 0) throw Object.assign(new Error('A frame at a time was begun.'), { code: 'EXDEV' });
    await publish(joined, out);
  } catch (cause) {
    const code = codeOf(cause) || codeOf((cause as Error).cause);
    if (!['EXDEV', 'EBUSY'].includes(code)) throw cause;
    await sweepStale(out);
    for (const name of names.filter((name) => left.includes(name))) {
      const final = join(out, name);
      const unfinished = unfinishedName(final);
      await copyDurably(join(joined, name), unfinished);
      await moveFile(unfinished, final);
      await rm(join(joined, name));
    }
    await syncPath(out);
    await rmdir(joined);
  }
}

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
