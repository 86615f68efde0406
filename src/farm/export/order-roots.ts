import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, sep } from 'node:path';

/**
 * Folders of this machine in which all files lie that `job` names by absolute paths, none within another, in order of their names. What lies at
 * the top of a disk is in none.
 */
export async function orderRoots(job: unknown): Promise<readonly string[]> {
  const around = await Promise.all(pathsIn(job).map((path) => folderAround(path)));
  const folders = [...new Set(around)].filter((folder) => dirname(folder) !== folder).sort();
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(other + sep)));
}

function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return isAbsolute(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/** The nearest folder around a path that is there: outputs may lie in folders that are still to be made. */
async function folderAround(path: string): Promise<string> {
  const folder = dirname(path);
  if (folder === path) return folder;
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? folder : folderAround(folder);
}
