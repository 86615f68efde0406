import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, sweepStale, unfinishedName } from '../../disk/durable.ts';
import { lockFolder } from '../../disk/lock.ts';
import { OutputError, outputError } from '../../disk/output-error.ts';
import { packageVersion } from '../../disk/package-version.ts';

/** The folder of a preview, held by this run. */
export interface PreviewFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** Writes a file, over an earlier one: it appears whole or not at all. A preview is soon made anew, so nothing waits for the disk. */
  write(name: string, content: Uint8Array | string): Promise<void>;
}

const FORMAT = 'reelmend-preview/1';
/** Says that the folder is a preview. */
const MARKER = 'preview.json';
/** Every name that a preview has files of. */
const OURS =
  /^(index\.html|preview\.json|((wipe|side-by-side|grid)|(frame|face|sheet|version)[\w.-]*)\.(jpg|png|mp4))$/;

/**
 * Takes a folder for a preview: a new one, an empty one, or that of an earlier preview, whose files go. Other files in it stay.
 *
 * @throws OutputError where anything else is there, or another run holds it
 */
export async function openPreviewFolder(path: string): Promise<PreviewFolder> {
  await assertPreview(path);
  await makeFolder(path);
  const lock = await lockFolder(path);
  try {
    await sweepStale(path);
    const write = (name: string, content: Uint8Array | string) => written(join(path, name), content);
    await write(MARKER, `${JSON.stringify({ format: FORMAT, version: packageVersion() })}\n`);
    for (const name of await readdir(path)) {
      if (OURS.test(name) && name !== MARKER) await rm(join(path, name), { force: true });
    }
    return { path, write, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw outputError(path, error);
  }
}

/** Refuses a folder that is no preview. @throws OutputError */
export async function assertPreview(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return;
  if (facts.isDirectory() && ((await readdir(path)).length === 0 || (await isPreview(path)))) return;
  throw new OutputError(
    path,
    `--out "${path}" exists already and is no preview that Reelmend made. It stays as it is: choose another --out.`,
  );
}

async function isPreview(path: string): Promise<boolean> {
  const text = await readFile(join(path, MARKER), 'utf8').catch(() => '');
  try {
    return JSON.parse(text).format === FORMAT;
  } catch {
    return false;
  }
}

async function written(path: string, content: Uint8Array | string): Promise<void> {
  const draft = unfinishedName(path);
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw outputError(path, error);
  }
}
