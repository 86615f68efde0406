import { createHash } from 'node:crypto';
import type { BackupTarget } from './backup-target.ts';
import { TargetError } from './target-error.ts';
import { tryAgain } from './try-again.ts';
import { type Patience, whileMoving } from './while-moving.ts';

/** Content by what it is known by. */
export interface BackupObject {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** How content lies on a target, when all of it was read and hashed. */
export type CopyState = 'good' | 'absent' | 'damaged';

/** How a target is asked, and who is told of bytes that were sent or read back. */
export interface Asking extends Patience {
  readonly onBytes: (bytes: number) => void;
}

/**
 * Reads what lies at a key in full, and holds it to what it should be.
 *
 * @throws TargetError
 */
export async function copyState(
  target: BackupTarget,
  key: string,
  object: BackupObject,
  asking: Asking,
): Promise<CopyState> {
  return tryAgain(asking.signal, () =>
    whileMoving(target.name, asking, async (request) => {
      const content = await target.get(key, request);
      if (content === null) return 'absent';
      const hash = createHash('sha256');
      let size = 0;
      for await (const piece of content) {
        hash.update(piece);
        size += piece.length;
        asking.onBytes(piece.length);
        // No more is read of what is another object already.
        if (size > object.size) return 'damaged';
      }
      return size === object.size && hash.digest('hex') === object.sha256 ? 'good' : 'damaged';
    }),
  );
}

/** True where a target says that it holds an object of the right size. @throws TargetError */
export async function isThere(
  target: BackupTarget,
  key: string,
  { size }: BackupObject,
  patience: Patience,
): Promise<boolean> {
  const ask = () => whileMoving(target.name, patience, (request) => target.size(key, request));
  return (await tryAgain(patience.signal, ask)) === size;
}

/** Times that an object is sent which does not come back as it was. */
const SENDINGS = 2;

/**
 * Makes sure that an object lies on a target: sends it where it is absent or damaged, and reads it back.
 *
 * @param open the content, from its start, as often as it is sent
 * @returns true where it was sent, false where it was there
 * @throws TargetError; and what reading the content throws
 */
export async function copyObject(
  target: BackupTarget,
  key: string,
  object: BackupObject,
  open: () => AsyncIterable<Uint8Array>,
  asking: Asking,
): Promise<boolean> {
  let state = await copyState(target, key, object, asking);
  if (state === 'good') return false;
  for (let sending = 1; sending <= SENDINGS; sending++) {
    await tryAgain(asking.signal, () =>
      whileMoving(target.name, asking, (request) =>
        target.put(key, counted(open(), asking.onBytes), object.size, request),
      ),
    );
    state = await copyState(target, key, object, asking);
    if (state === 'good') return true;
  }
  throw state === 'absent' ? forgets(target.name, key) : corrupts(target.name, key);
}

async function* counted(
  content: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    yield piece;
    onBytes(piece.length);
  }
}

function forgets(name: string, key: string): TargetError {
  return new TargetError(
    'forgets',
    `${name} forgets: it said that it has taken ${key}, and does not have it. Do not trust it before you know why.`,
  );
}

function corrupts(name: string, key: string): TargetError {
  return new TargetError(
    'corrupts',
    `${name} corrupts: what it gives back of ${key} is not what it was sent, ${SENDINGS} times. Do not trust it before you know why.`,
  );
}
