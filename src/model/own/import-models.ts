import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ownModelsFolder } from '../../disk/user-folders.ts';
import { UsageError } from '../../settings/usage-error.ts';
import { MODEL_ID } from '../contract.ts';
import { knownNetworks } from '../known/known-networks.ts';
import { builtInIds } from '../library.ts';
import { type Imported, type ImportWishes, importFile, modelName } from './import-file.ts';

export interface ImportOptions extends ImportWishes {
  /** Folder of the user's contracts; default the user's. */
  readonly ownDir?: string;
  readonly signal?: AbortSignal;
}

/** What became of each file. */
export type ImportedFile = Imported & { readonly path: string };

/**
 * Recognises ONNX files, those of folders and of the folders in them too, and writes a contract for each into the user's own folder.
 * What becomes of a file is told as soon as it is known.
 *
 * @throws UsageError for a path that is not there, a folder without ONNX files, several files that shall be one network, or a name that no
 * model may have.
 */
export async function* importModels(
  paths: readonly string[],
  options: ImportOptions = {},
): AsyncGenerator<ImportedFile> {
  const { ownDir = ownModelsFolder(), signal, ...wishes } = options;
  if (wishes.id !== undefined && !MODEL_ID.test(wishes.id)) {
    throw new UsageError(
      `--name "${wishes.id}": a model is called by lower-case letters, digits, dots, dashes and underscores, a letter or digit first. Take --name ${modelName(wishes.id) || 'mine'}.`,
    );
  }
  const files = (await Promise.all(paths.map(onnxFiles))).flat();
  for (const [flag, value] of [
    ['--as', wishes.as],
    ['--name', wishes.id],
  ] as const) {
    if (value !== undefined && files.length !== 1) {
      throw new UsageError(
        `${flag} ${value} is said of one file, but there are ${files.length}. Import that one by itself.`,
      );
    }
  }
  const place = { folder: ownDir, builtIn: await builtInIds(), networks: await knownNetworks() };
  for (const path of new Set(files)) {
    signal?.throwIfAborted();
    yield { path, ...(await importFile(path, place, wishes)) };
  }
}

async function onnxFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UsageError(`${path} is not there. Name an ONNX file, or a folder of them.`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { recursive: true })).filter((name) => name.toLowerCase().endsWith('.onnx'));
  const files: string[] = [];
  for (const name of names.sort()) {
    // A folder may be called so too; a link is what it leads to.
    const facts = await stat(join(path, name)).catch(() => null);
    if (!facts?.isDirectory()) files.push(join(path, name));
  }
  if (files.length === 0) throw new UsageError(`${path} holds no .onnx file. Name an ONNX file, or a folder of them.`);
  return files;
}
