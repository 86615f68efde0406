import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isUnfinished } from '../disk/durable.ts';
import { OutputError, outputError } from '../disk/output-error.ts';
import type { Ignores } from './ignore-patterns.ts';
import { CHAIN_NAME, HISTORY_FOLDER } from './read-history.ts';

/**
 * The files below a folder that a manifest holds, in the order of their paths: below the folder, with "/" between the parts.
 *
 * @throws OutputError for what no manifest can hold.
 */
export async function deliveredFiles(folder: string, ignores: Ignores): Promise<readonly string[]> {
  const files: string[] = [];
  const add = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(folder, below))) {
      const path = below + entry.name;
      if (isUnfinished(entry.name) || ignores(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) {
        await expectNoHistory(folder, path);
        await add(`${path}/`);
      } else if (await isFile(join(folder, path))) files.push(path);
      else throw notAFile(folder, path);
    }
  };
  await add('');
  return files.sort((a, b) => (a < b ? -1 : 1));
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw outputError(folder, cause);
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

/** A file belongs to the history closest to it (specification 1.0, section 5.3.2), and that one's generations are its owner's to write. */
async function expectNoHistory(folder: string, path: string): Promise<void> {
  if (!(await isFile(join(folder, path, HISTORY_FOLDER, CHAIN_NAME)))) return;
  throw new OutputError(
    join(folder, path),
    `"${join(folder, path)}" has an ASC MHL history of its own, which one of "${folder}" cannot take over. Deliver to a folder without it, or leave it out by the pattern "/${path}/".`,
  );
}

function notAFile(folder: string, path: string): OutputError {
  return new OutputError(
    join(folder, path),
    `"${join(folder, path)}" is neither a file nor a folder, so no manifest can hold it. Remove it, or leave it out by the pattern "/${path}".`,
  );
}
