import { readdir, readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { packageFolder } from '../disk/package-folder.ts';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Where the page is built to. */
export function pageFolder(): string {
  return join(packageFolder(), 'dist', 'review');
}

/** The page's files by their paths in an address, read once: what is not among them is not served. Empty where it was not built. */
export async function pageFiles(folder: string = pageFolder()): Promise<ReadonlyMap<string, PageFile>> {
  const root = await realpath(folder).catch(() => null);
  const files = new Map<string, PageFile>();
  if (root === null) return files;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    const path = join(entry.parentPath, entry.name);
    if (!type || !entry.isFile() || !(await realpath(path)).startsWith(root + sep)) continue;
    files.set(`/${path.slice(root.length + 1).replaceAll(sep, '/')}`, { type, bytes: await readFile(path) });
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}
