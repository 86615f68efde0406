import { stat } from 'node:fs/promises';
import { sha256OfFiles } from './durable.ts';

/** What tells that a file was changed, without reading it. */
export interface CopiedFacts {
  readonly bytes: number;
  /** When it was last written to, nanoseconds since 1970. */
  readonly changed: bigint;
}

/** A copy of a file, and what the file was when it was copied. */
export interface SourceCopy extends CopiedFacts {
  /** The file that was copied. */
  readonly source: string;
  /** The copy. */
  readonly path: string;
  /** Of the copy's bytes, lower-case hex. */
  readonly sha256: string;
}

/** `stale`: the source is another file now, or gone. `damaged`: the copy is not what was copied. */
export type SourceCopyState = 'whole' | 'stale' | 'damaged';

/** @throws NodeJS.ErrnoException where there is no such file */
export async function sourceFacts(path: string): Promise<CopiedFacts> {
  const { size, mtimeNs } = await stat(path, { bigint: true });
  return { bytes: Number(size), changed: mtimeNs };
}

/** Whether a copy may stand for its source now: the source by its size and time, the copy by its size and all of its bytes. */
export async function stateOfCopy(copy: SourceCopy, signal?: AbortSignal): Promise<SourceCopyState> {
  const source = await sourceFacts(copy.source).catch(() => null);
  if (source?.bytes !== copy.bytes || source.changed !== copy.changed) return 'stale';
  const found = await sourceFacts(copy.path).catch(() => null);
  if (found?.bytes !== copy.bytes) return 'damaged';
  const sha256 = await sha256OfFiles([copy.path], signal).catch(() => {
    signal?.throwIfAborted();
    return null;
  });
  return sha256 === copy.sha256 ? 'whole' : 'damaged';
}
