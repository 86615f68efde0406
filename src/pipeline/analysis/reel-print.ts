import { createHash, type Hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import { inParallel } from '../../stream/in-parallel.ts';

/** Bytes read at each sampled place. */
const SAMPLE = 64 * 1024;
/** Places sampled in a movie, evenly spaced, its first and last bytes among them. */
const MOVIE_SAMPLES = 16;
/** Files of a folder whose beginning and end are sampled, evenly spaced, the first and last among them. */
const FOLDER_SAMPLES = 16;
/** Files whose size and time are asked for at once. */
const ASKED_AT_ONCE = 16;

export interface PrintOptions {
  /** True: every byte is hashed, and times do not count. */
  readonly verify: boolean;
  readonly signal?: AbortSignal;
  /** Called now and then while bytes are read. */
  readonly onRead?: () => void;
}

/**
 * Print of a reel's material: SHA-256, lower-case hex, over names, sizes, modification times and samples of the content, behind
 * `quick:`; or, verified, over names, sizes and the whole content, behind `full:`. The folder it lies in does not count, so a
 * reel may be moved.
 *
 * @throws ReelError when a file has gone.
 */
export async function reelPrint(reel: Reel, { verify, signal, onRead }: PrintOptions): Promise<string> {
  const files = reel.kind === 'movie' ? [reel.path] : reel.files;
  const sampled = sampledIndices(files.length, FOLDER_SAMPLES);
  const hash = createHash('sha256');
  const facts = await factsOf(files, { signal, onRead });
  for (const [index, path] of files.entries()) {
    signal?.throwIfAborted();
    const known = facts[index];
    if (path === null || !known) {
      hash.update('missing\n');
      continue;
    }
    const { size, mtimeNs } = known;
    hash.update(`${JSON.stringify(basename(path))} ${size}${verify ? '' : ` ${mtimeNs}`}\n`);
    if (!verify && reel.kind === 'folder' && !sampled.has(index)) continue;
    await using file = await openForReading(path);
    if (verify) await addWhole(file, hash, signal, onRead);
    else await addSamples(file, Number(size), reel.kind === 'movie' ? MOVIE_SAMPLES : 2, hash);
  }
  return `${verify ? 'full' : 'quick'}:${hash.digest('hex')}`;
}

/** Size and time of each file, without opening it: what a share answers late is asked of many files at once. */
async function factsOf(
  files: readonly (string | null)[],
  { signal, onRead }: { readonly signal: AbortSignal | undefined; readonly onRead: PrintOptions['onRead'] },
): Promise<readonly (BigIntStats | undefined)[]> {
  const facts: (BigIntStats | undefined)[] = files.map(() => undefined);
  await inParallel(files.length, ASKED_AT_ONCE, async (index) => {
    signal?.throwIfAborted();
    onRead?.();
    const path = files[index];
    if (path) facts[index] = await stat(path, { bigint: true }).catch((cause: unknown) => gone(path, cause));
  });
  return facts;
}

function openForReading(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((cause: unknown) => gone(path, cause));
}

function gone(path: string, cause: unknown): never {
  throw new ReelError(
    `"${path}" cannot be read: ${(cause as Error).message}. It was there when the reel was opened; start again when it is back.`,
    { cause },
  );
}

async function addWhole(
  file: FileHandle,
  hash: Hash,
  signal: AbortSignal | undefined,
  onRead: PrintOptions['onRead'],
): Promise<void> {
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) {
    signal?.throwIfAborted();
    onRead?.();
    hash.update(chunk as Buffer);
  }
}

async function addSamples(file: FileHandle, size: number, places: number, hash: Hash): Promise<void> {
  const buffer = Buffer.alloc(Math.min(SAMPLE, size));
  for (let k = 0; k < places; k++) {
    const position = Math.round((k / (places - 1)) * (size - buffer.length));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    hash.update(buffer.subarray(0, bytesRead));
  }
}

function sampledIndices(length: number, count: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, k) => Math.round((k / (count - 1)) * (length - 1))));
}
