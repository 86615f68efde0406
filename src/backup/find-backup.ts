import { BackupError } from './backup-error.ts';
import { type BackupManifest, idOfName, MANIFESTS, manifestKey, readNamedManifest } from './backup-manifest.ts';
import type { BackupTarget } from './backup-target.ts';
import { TargetError } from './target-error.ts';
import { tryAgain } from './try-again.ts';
import { type Patience, whileMoving } from './while-moving.ts';

/** Targets by what they know of backups. */
export interface KnownBackups {
  /** Ids by target, the oldest first. */
  readonly ids: ReadonlyMap<BackupTarget, readonly string[]>;
  /** Why a target cannot be asked, as a sentence. */
  readonly trouble: ReadonlyMap<BackupTarget, string>;
}

/** A backup that was found. */
export interface FoundBackup {
  readonly id: string;
  readonly manifest: BackupManifest;
  /** Why a target has no part in it, as a sentence. */
  readonly trouble: ReadonlyMap<BackupTarget, string>;
}

/** Asks every target for the backups that it holds. */
export async function listKnown(targets: readonly BackupTarget[], patience: Patience): Promise<KnownBackups> {
  const ids = new Map<BackupTarget, readonly string[]>();
  const trouble = new Map<BackupTarget, string>();
  await Promise.all(
    targets.map(async (target) => {
      try {
        const list = () => whileMoving(target.name, patience, (request) => target.list(MANIFESTS, request));
        const names = await tryAgain(patience.signal, list);
        ids.set(
          target,
          names.map(idOfName).filter((id) => id !== null),
        );
      } catch (cause) {
        if (!(cause instanceof TargetError)) throw cause;
        trouble.set(target, cause.message);
      }
    }),
  );
  return { ids, trouble };
}

/**
 * Finds the newest backup that any target holds, or the newest whose id begins as asked.
 *
 * @param failed targets that could not be opened, with the reason as a sentence
 * @throws BackupError where there is none, or no target holds its manifest as it was written
 */
export async function findBackup(
  targets: readonly BackupTarget[],
  wanted: string | undefined,
  { failed, ...patience }: Patience & { readonly failed: readonly { readonly why: string }[] },
): Promise<FoundBackup> {
  const { ids, trouble } = await listKnown(targets, patience);
  const reasons = () => [...failed.map(({ why }) => why), ...trouble.values()].map((why) => ` ${why}`).join('');
  const all = [...new Set([...ids.values()].flat())].sort();
  const id = all.filter((one) => one.startsWith(wanted ?? '')).at(-1);
  if (id === undefined) {
    const newest = all.at(-1);
    const instead = newest === undefined ? 'Check --to.' : `The newest is ${newest}; "reelmend backup list" names all.`;
    throw new BackupError(
      `No target holds a backup${wanted === undefined ? '' : ` whose id begins with "${wanted}"`}. ${instead}${reasons()}`,
    );
  }
  let manifest: BackupManifest | undefined;
  const found = new Map(trouble);
  for (const target of targets) {
    if (found.has(target)) continue;
    const read = ids.get(target)?.includes(id) ? await readManifest(target, id, patience) : 'absent';
    if (read instanceof TargetError) found.set(target, read.message);
    else if (read === 'absent') found.set(target, `${target.name} does not hold the backup ${id}.`);
    else if (read === 'damaged') found.set(target, `${target.name} corrupts: its ${manifestKey(id)} is damaged.`);
    else manifest ??= read;
  }
  if (manifest) return { id, manifest, trouble: found };
  const older = all.filter((one) => one < id).at(-1);
  const instead = older === undefined ? '' : ` The one before it is ${older}: give it with --manifest.`;
  throw new BackupError(
    `No target holds the manifest of the backup ${id} as it was written.${instead} ${[...found.values()].join(' ')}`,
  );
}

/** Bytes of the largest manifest that is read: two million files. */
const MOST_BYTES = 2 ** 29;

/** A target's manifest. */
export async function readManifest(
  target: BackupTarget,
  id: string,
  patience: Patience,
): Promise<BackupManifest | 'absent' | 'damaged' | TargetError> {
  try {
    return await tryAgain(patience.signal, () =>
      whileMoving(target.name, patience, async (request) => {
        const content = await target.get(manifestKey(id), request);
        if (content === null) return 'absent';
        const pieces: Buffer[] = [];
        let size = 0;
        for await (const piece of content) {
          size += piece.length;
          if (size > MOST_BYTES) return 'damaged';
          pieces.push(Buffer.from(piece));
        }
        return readNamedManifest(id, Buffer.concat(pieces)) ?? 'damaged';
      }),
    );
  } catch (cause) {
    if (cause instanceof TargetError) return cause;
    throw cause;
  }
}
