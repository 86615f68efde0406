import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, isUnfinished, publish, sweepStale, syncPath, unfinishedName } from '../disk/durable.ts';
import { outputError } from '../disk/output-error.ts';
import { MANIFESTS, OBJECTS } from './backup-manifest.ts';
import type { BackupTarget, TargetRequest } from './backup-target.ts';
import type { FileAddress } from './target-address.ts';
import { TargetError, type TargetFault } from './target-error.ts';
import { watchedContent } from './watched-content.ts';

/** Bytes that are read at a time. */
const READ_AT_ONCE = 2 ** 20;
/** Age in milliseconds from which an unfinished file is removed: a younger one may be another machine's. */
const ABANDONED = 60 * 60 * 1000;

/**
 * A folder of a disk of this machine, or of a share that it sees. It must be there: where a disk is not mounted, its folder is empty or
 * missing, and copies would go to the wrong disk.
 *
 * @throws TargetError where it is not there
 */
export async function openFileTarget({ name, folder }: FileAddress): Promise<BackupTarget> {
  const found = await diskOf(name, folder);
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  const prepared = new Set<string>();
  let swept: Promise<void> | undefined;
  /** Makes a folder below, and those between. */
  const prepare = async (below: string): Promise<void> => {
    if (below === '.' || prepared.has(below)) return;
    await prepare(dirname(below));
    const path = pathOf(below);
    // One by one: where a disk is read-only, making several at once says that there is no folder.
    await mkdir(path).then(
      () => syncPath(dirname(path)),
      (cause: unknown) => {
        if (codeOf(cause) !== 'EEXIST') throw cause;
      },
    );
    prepared.add(below);
  };
  return {
    name,
    async put(key, content, _, request) {
      const path = pathOf(key);
      // A disk that was taken out since leaves the folder that it was mounted on.
      if ((await diskOf(name, folder)) !== found) throw isDown(name, `"${folder}" is on another disk now`);
      swept ??= sweepBelow(folder);
      await swept
        .then(() => prepare(dirname(key)))
        .catch((cause: unknown) => {
          throw writeTrouble(name, path, cause);
        });
      await store(name, path, content, request);
    },
    async get(key, request) {
      const path = pathOf(key);
      const file = await open(path, 'r').catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return null;
        throw readTrouble(name, path, cause);
      });
      return file && piecesOf(file, { name, path, ...request });
    },
    async size(key) {
      const path = pathOf(key);
      const facts = await stat(path).catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return null;
        throw readTrouble(name, path, cause);
      });
      return facts?.size ?? null;
    },
    async list(below) {
      const path = join(folder, below);
      const names = await readdir(path).catch((cause: unknown) => {
        if (codeOf(cause) === 'ENOENT') return [];
        throw readTrouble(name, path, cause);
      });
      return names.filter((one) => !isUnfinished(one)).sort();
    },
    [Symbol.dispose]() {},
  };
}

/** Removes what processes that have ended left unfinished among objects and manifests. */
async function sweepBelow(folder: string): Promise<void> {
  const objects = await readdir(join(folder, OBJECTS)).catch(() => []);
  for (const path of [join(folder, MANIFESTS), ...objects.map((name) => join(folder, OBJECTS, name))]) {
    await sweepStale(path, { olderThan: ABANDONED });
  }
}

/** The number of the disk that a folder lies on. */
async function diskOf(name: string, folder: string): Promise<number> {
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory()) throw isDown(name, `there is no folder "${folder}"`);
  return facts.dev;
}

function isDown(name: string, why: string): TargetError {
  return new TargetError('down', `${name} is down: ${why}. Mount its disk, or create the folder where it is new.`);
}

/** Writes a file beside its name, waits until it is on the disk, and renames it. */
async function store(
  name: string,
  path: string,
  content: AsyncIterable<Uint8Array>,
  { signal, onMove }: TargetRequest,
): Promise<void> {
  const draft = unfinishedName(`${path}.${randomUUID().slice(0, 8)}`);
  const watched = watchedContent(content, onMove);
  try {
    await using file = await open(draft, 'wx');
    for await (const piece of watched.pieces) {
      signal.throwIfAborted();
      for (let done = 0; done < piece.length; ) done += (await file.write(piece, done)).bytesWritten;
    }
    await file.sync();
    await publish(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    watched.rethrow();
    signal.throwIfAborted();
    throw writeTrouble(name, path, cause);
  }
}

/** The pieces of a file, which is closed behind them. Each is the reader's until it asks for the next. */
async function* piecesOf(
  file: FileHandle,
  { name, path, signal, onMove }: TargetRequest & { readonly name: string; readonly path: string },
): AsyncGenerator<Uint8Array> {
  await using open = file;
  const piece = new Uint8Array(READ_AT_ONCE);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await open.read(piece, 0, piece.length).catch((cause: unknown) => {
      throw readTrouble(name, path, cause);
    });
    if (bytesRead === 0) return;
    onMove();
    yield piece.subarray(0, bytesRead);
  }
}

const FAULTS: Readonly<Record<string, TargetFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'refuses',
  EACCES: 'refuses',
  EPERM: 'refuses',
  ENODEV: 'down',
  EHOSTDOWN: 'down',
  ESTALE: 'down',
};

function writeTrouble(name: string, path: string, cause: unknown): TargetError {
  const error = outputError(path, cause);
  return trouble(name, error.cause, error.message);
}

function readTrouble(name: string, path: string, cause: unknown): TargetError {
  return trouble(name, cause, `"${path}" cannot be read (${codeOf(cause) || String(cause)}). Check the disk.`);
}

function trouble(name: string, cause: unknown, sentence: string): TargetError {
  const fault = FAULTS[codeOf(cause)] ?? 'fails';
  const does = fault === 'full' || fault === 'down' ? `is ${fault}` : fault;
  return new TargetError(fault, `${name} ${does}: ${sentence}`, { cause });
}
