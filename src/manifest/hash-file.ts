import { open } from 'node:fs/promises';
import { outputError } from '../disk/output-error.ts';
import { type Hasher, type HashFormat, openHasher } from './hash-formats.ts';

/** A file as it was read. */
export interface HashedFile {
  /** Bytes. */
  readonly size: number;
  /** When it was last written. */
  readonly modified: Date;
  readonly hashes: ReadonlyMap<HashFormat | 'sha256', string>;
}

/** Reads a file once and hashes it in several ways. One file at a time. */
export type HashFile = (path: string, formats: Iterable<HashFormat | 'sha256'>) => Promise<HashedFile>;

/** Bytes that are read and hashed at a time. */
const READ_AT_ONCE = 2 ** 20;

/** A reader for many files, whose memory and hashers serve all of them. It throws an `OutputError` for a file that it cannot read. */
export function openHashing(signal?: AbortSignal): HashFile {
  const chunk = new Uint8Array(READ_AT_ONCE);
  const hashers = new Map<HashFormat | 'sha256', Hasher>();
  return async (path, formats) => {
    const used: [HashFormat | 'sha256', Hasher][] = [];
    for (const format of formats) {
      const hasher = hashers.get(format) ?? (await openHasher(format));
      hashers.set(format, hasher);
      hasher.begin();
      used.push([format, hasher]);
    }
    try {
      await using file = await open(path, 'r');
      let size = 0;
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(chunk, 0, chunk.length);
        if (bytesRead === 0) break;
        size += bytesRead;
        for (const [, hasher] of used) hasher.update(chunk.subarray(0, bytesRead));
      }
      const { mtime } = await file.stat();
      return { size, modified: mtime, hashes: new Map(used.map(([format, hasher]) => [format, hasher.digest()])) };
    } catch (cause) {
      signal?.throwIfAborted();
      throw outputError(path, cause);
    }
  };
}
