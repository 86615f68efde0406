import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFiles } from '../../disk/durable.ts';

/** SHA-256 and name of a file, or of each file in a folder, in the order of their names: a line each, as `sha256sum` writes them. */
export async function hashList(path: string): Promise<string> {
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
  const lines: string[] = [];
  await sha256OfFiles(files, undefined, (file, sha256) => void lines.push(`${sha256}  ${basename(file)}\n`));
  return lines.join('');
}
