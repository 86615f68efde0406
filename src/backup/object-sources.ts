import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { publish, unfinishedName } from '../disk/durable.ts';
import { outputError } from '../disk/output-error.ts';
import { objectKey } from './backup-manifest.ts';
import type { BackupTarget } from './backup-target.ts';
import type { Asking, BackupObject, CopyState } from './object-copy.ts';
import { TargetError, type TargetFault } from './target-error.ts';
import { tryAgain } from './try-again.ts';
import { whileMoving } from './while-moving.ts';

/** Targets that content is fetched from. */
export interface ObjectSources {
  /**
   * Writes content to a new file, from the first target that has it as it was; false where none has.
   *
   * @throws OutputError where the file cannot be written
   */
  fetch(object: BackupObject, path: string): Promise<boolean>;
  /** What was wrong with targets, as sentences. */
  notes(): readonly string[];
}

/** Faults after which a target is asked for nothing more: every request would take as long. */
const LASTING: ReadonlySet<TargetFault> = new Set(['down', 'refuses', 'stalls']);

/** @param targets in the order in which they are asked */
export function objectSources(targets: readonly BackupTarget[], asking: Asking): ObjectSources {
  const givenUp = new Set<BackupTarget>();
  const trouble = new Set<string>();
  const counts = new Map(targets.map((target) => [target, { good: 0, absent: 0, damaged: 0 }]));
  return {
    async fetch(object, path) {
      for (const [target, count] of counts) {
        if (givenUp.has(target)) continue;
        try {
          const state = await fetchFrom(target, object, path, asking);
          count[state] += 1;
          if (state === 'good') return true;
        } catch (cause) {
          if (!(cause instanceof TargetError)) throw cause;
          trouble.add(cause.message);
          if (LASTING.has(cause.fault)) givenUp.add(target);
        }
      }
      return false;
    },
    notes: () => [
      ...trouble,
      ...[...counts].flatMap(([{ name }, { absent, damaged }]) => [
        ...(damaged > 0 ? [`${name} corrupts: ${objects(damaged)} damaged there.`] : []),
        ...(absent > 0 ? [`${name} lacks content: ${objects(absent)} not there.`] : []),
      ]),
    ],
  };
}

function objects(count: number): string {
  return count === 1 ? '1 object is' : `${count} objects are`;
}

async function fetchFrom(target: BackupTarget, object: BackupObject, path: string, asking: Asking): Promise<CopyState> {
  return tryAgain(asking.signal, () =>
    whileMoving(target.name, asking, async (request) => {
      const content = await target.get(objectKey(object.sha256), request);
      if (content === null) return 'absent';
      // A try that was given up may still be at work, on a file of its own.
      const draft = unfinishedName(`${path}.${randomUUID().slice(0, 8)}`);
      try {
        if (!(await writeWhole(draft, content, object, { ...asking, signal: request.signal }))) return 'damaged';
        await publish(draft, path);
        return 'good';
      } finally {
        await rm(draft, { force: true });
      }
    }),
  );
}

/** Writes content to a file; false where it is not what it should be. */
async function writeWhole(
  path: string,
  content: AsyncIterable<Uint8Array>,
  object: BackupObject,
  { signal, onBytes }: Pick<Asking, 'signal' | 'onBytes'>,
): Promise<boolean> {
  const hash = createHash('sha256');
  let size = 0;
  await using file = await written(path, () => open(path, 'wx'));
  for await (const piece of content) {
    signal.throwIfAborted();
    hash.update(piece);
    size += piece.length;
    if (size > object.size) return false;
    await written(path, () => writeAll(file, piece));
    onBytes(piece.length);
  }
  return size === object.size && hash.digest('hex') === object.sha256;
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length; ) done += (await file.write(piece, done)).bytesWritten;
}

/** Tells trouble with the file that is written from trouble with what is read. */
async function written<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  return write().catch((cause: unknown) => {
    throw outputError(path, cause);
  });
}
