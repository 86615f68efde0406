import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { codeOf } from '../disk/durable.ts';
import type { BackedUpFile } from './backup-manifest.ts';
import { fileTime } from './file-time.ts';

/** A file that is to be backed up cannot be read as one whole. The message says why, as the end of a sentence. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** Bytes that are read at a time. */
const READ_AT_ONCE = 2 ** 20;

/** A file's facts, by the content that was read. */
export type SourceFacts = Omit<BackedUpFile, 'path'>;

/** How a file is read: until the signal stops it; `onBytes` is called with every count of bytes. */
export interface SourceReading {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Reads a file and hashes it; one that changes meanwhile is read once more.
 *
 * @throws SourceError where it cannot be read, or changes again
 */
export async function readSource(path: string, reading: SourceReading): Promise<SourceFacts> {
  return (await unchanged(path, reading)) ?? (await unchanged(path, reading)) ?? Promise.reject(changed());
}

/**
 * The bytes of a file that was read before.
 *
 * @throws SourceError, in place of its last piece at the latest, where they are not what they were
 */
export async function* sourceContent(
  path: string,
  facts: Pick<SourceFacts, 'size' | 'sha256'>,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  let held: Buffer | null = null;
  for await (const piece of pieces(path)) {
    if (held) yield held;
    hash.update(piece);
    size += piece.length;
    if (size > facts.size) throw changed();
    held = piece;
  }
  if (size !== facts.size || hash.digest('hex') !== facts.sha256) throw changed();
  if (held) yield held;
}

/** Its facts; null where they were others before it was read. */
async function unchanged(path: string, { signal, onBytes }: SourceReading): Promise<SourceFacts | null> {
  const before = await factsOf(path);
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of pieces(path)) {
    signal.throwIfAborted();
    hash.update(piece);
    size += piece.length;
    onBytes(piece.length);
    // One that grows as fast as it is read would never end.
    if (BigInt(size) > before.size) return null;
  }
  const after = await factsOf(path);
  if (BigInt(size) !== before.size || !isSame(before, after)) return null;
  return { size, mtime: fileTime(after.mtimeNs), mode: modeText(after.mode), sha256: hash.digest('hex') };
}

/** Permissions as `chmod` takes them. */
export function modeText(mode: bigint): string {
  return (mode & 0o7777n).toString(8).padStart(4, '0');
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.dev === b.dev;
}

async function factsOf(path: string): Promise<BigIntStats> {
  return stat(path, { bigint: true }).catch((cause: unknown) => {
    throw unreadable(cause);
  });
}

async function* pieces(path: string): AsyncGenerator<Buffer> {
  try {
    await using file = await open(path, 'r');
    for (;;) {
      // In memory of its own: the reader may keep several.
      const piece = Buffer.allocUnsafe(READ_AT_ONCE);
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

function changed(): SourceError {
  return new SourceError('it changed while it was read');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it has gone',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EIO: 'the disk reports an error',
};

function unreadable(cause: unknown): SourceError {
  const why = REASONS[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new SourceError(why, { cause });
}
