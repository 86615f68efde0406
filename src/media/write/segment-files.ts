import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFiles } from '../../disk/durable.ts';

/** A file of a take as it was left when the take was finished. */
export interface SegmentFile {
  readonly name: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** When it was last written, whole milliseconds since 1970. */
  readonly written: number;
}

/** Reads files that are finished, one after another. */
export async function filesAsLeft(folder: string, names: readonly string[]): Promise<SegmentFile[]> {
  const files: SegmentFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    files.push({ name, sha256: await sha256OfFiles([path]), bytes: size, written: Math.round(mtimeMs) });
  }
  return files;
}

/** True where a file's size and time are those that it was left with: whoever wrote to it since has changed one of them. */
export function isAsLeft({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>, { bytes, written }: SegmentFile): boolean {
  return size === bytes && Math.round(mtimeMs) === written;
}

/** SHA-256 over the SHA-256 of files in order, each in lower-case hex and ended by a line feed: what files are known by together. */
export function sha256OfList(files: readonly Pick<SegmentFile, 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const { sha256 } of files) hash.update(`${sha256}\n`);
  return hash.digest('hex');
}
