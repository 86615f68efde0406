import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  codeOf,
  copyDurably,
  linkFile,
  makeFolder,
  moveFile,
  publish,
  sweepStale,
  syncPath,
  unfinishedName,
} from '../../disk/durable.ts';
import { OutputError, outputError } from '../../disk/output-error.ts';

/** In the work folder: the earlier output, from the moment that its name is free until the new one has it. */
const REPLACED = 'replaced';

/**
 * Checks that `out` is free to become a movie or a folder of stills: it does not exist, or is an empty folder.
 *
 * @throws OutputError with a sentence for the user.
 */
export async function assertTargetFree(out: string): Promise<void> {
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
  throw new OutputError(
    path,
    `"${out}" already holds ${names.length} ${names.length === 1 ? 'file' : 'files'}. Choose an empty or new folder for --out, or empty this one.`,
  );
}

/** Frames on their way to their final place. */
export interface JoinedFrames {
  /** The folder that holds them, those left out that a stopped attempt has published already. */
  readonly joined: string;
  readonly out: string;
  readonly work: string;
  readonly names: readonly string[];
  /** True where what `out` holds is an earlier output, or a part of this one. */
  readonly replace: boolean;
}

/**
 * Gives the joined folder its final name; an earlier output goes aside first and is removed last, so that one of both is whole at
 * every moment. Where that is not possible, because `out` is the root of a mounted disk, each frame is put there under an
 * unfinished name and renamed when it is whole. Can be called again after a crash at any point.
 *
 * @throws OutputError where something is in the way that is not to be replaced.
 */
export async function publishFrames(frames: JoinedFrames): Promise<void> {
  const { joined, out, work, names, replace } = frames;
  await restoreReplaced(out, work);
  if (!replace) await assertTargetFree(out);
  await makeFolder(dirname(out));
  const left = new Set(await readdir(joined));
  const there = await readdir(out).catch((): string[] => []);
  if (left.size === 0) {
    await rmdir(joined);
    return;
  }
  try {
    if (there.length > 0) {
      for (const name of names) if (!left.has(name)) await linkFile(join(out, name), join(joined, name));
      await syncPath(joined);
      await moveFile(out, join(work, REPLACED));
    }
    await publish(joined, out);
    await rm(join(work, REPLACED), { recursive: true, force: true });
  } catch (cause) {
    const code = codeOf(cause) || codeOf((cause as Error).cause);
    if (!['EXDEV', 'EBUSY'].includes(code)) throw cause;
    await restoreReplaced(out, work);
    await publishOneByOne(frames);
  }
}

async function publishOneByOne({ joined, out, names }: JoinedFrames): Promise<void> {
  await sweepStale(out);
  const wanted = new Set(names);
  for (const name of await readdir(joined)) {
    const final = join(out, name);
    const unfinished = unfinishedName(final);
    await copyDurably(join(joined, name), unfinished);
    await moveFile(unfinished, final);
    await rm(join(joined, name));
  }
  for (const name of await readdir(out)) if (!wanted.has(name)) await rm(join(out, name));
  await syncPath(out);
  await rmdir(joined);
}

/**
 * Ends a replacement that was stopped: an earlier output gets its name back where that is free, and is removed where it is taken.
 */
export async function restoreReplaced(out: string, work: string): Promise<void> {
  const replaced = join(work, REPLACED);
  if (!(await exists(replaced))) return;
  if (await exists(out)) await rm(replaced, { recursive: true, force: true });
  else await publish(replaced, out);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
