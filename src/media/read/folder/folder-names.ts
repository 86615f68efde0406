import { isUtf8 } from 'node:buffer';
import { readdir } from 'node:fs/promises';
import { stillKindOf } from './frame-sequence.ts';

/** What lies in a folder, by name, sorted; without what systems hide. */
export interface FolderNames {
  /** Files with the name of a still, and links. */
  readonly stills: readonly string[];
  /** Folders, pipes and devices with the name of a still. */
  readonly notFiles: readonly string[];
  /** Stills by whose names no program can ask, because they are not UTF-8; bytes that are not ASCII as `\xe9`. */
  readonly undecodable: readonly string[];
  readonly folders: readonly string[];
  /** Files of all other kinds. */
  readonly others: readonly string[];
}

/** @throws NodeJS.ErrnoException where the folder cannot be read. */
export async function namesIn(folder: string): Promise<FolderNames> {
  const stills: string[] = [];
  const notFiles: string[] = [];
  const undecodable: string[] = [];
  const folders: string[] = [];
  const others: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    // As bytes: what is not UTF-8 would come back as another name, which does not exist.
    const name = entry.name.toString('utf8');
    if (name.startsWith('.')) continue;
    const isStill = stillKindOf(name) !== undefined;
    if (entry.isDirectory()) folders.push(name);
    const isFile = entry.isFile() || entry.isSymbolicLink();
    if (!isStill) {
      if (isFile) others.push(name);
    } else if (!isFile) notFiles.push(name);
    else if (isUtf8(entry.name)) stills.push(name);
    else undecodable.push(visible(entry.name));
  }
  for (const names of [stills, notFiles, undecodable, folders, others]) names.sort();
  return { stills, notFiles, undecodable, folders, others };
}

function visible(name: Buffer): string {
  return [...name]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte),
    )
    .join('');
}
