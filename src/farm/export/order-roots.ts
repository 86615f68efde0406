import { dirname, isAbsolute, sep } from 'node:path';

/** Folders in which all files lie that `job` names by absolute paths, none within another, in order of their names. */
export function orderRoots(job: unknown): readonly string[] {
  const folders = [...new Set(pathsIn(job).map(folderOf))].sort();
  return folders.filter((folder) => !folders.some((other) => other !== folder && isWithin(folder, other)));
}

function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return isAbsolute(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/** Its folder, but never the top of a disk: what lies there is itself what is mapped. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return dirname(folder) === folder ? path : folder;
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}
