import type { BackupTarget } from './backup-target.ts';
import { openFileTarget } from './file-target.ts';
import { openS3Target } from './s3-target.ts';
import type { TargetAddress } from './target-address.ts';
import { TargetError } from './target-error.ts';
import { type Patience, whileMoving } from './while-moving.ts';

/** The targets of a run. */
export interface OpenTargets extends Disposable {
  /** Those that are there, in the order in which they were given. */
  readonly open: readonly BackupTarget[];
  /** Those that are not, with the reason as a sentence. */
  readonly failed: readonly { readonly target: string; readonly why: string }[];
}

/**
 * Opens targets, all at once: a share whose server has gone answers no more, and keeps nobody waiting for longer than its time.
 *
 * @throws UsageError where the packages for one are not installed. Aborting rejects with the signal's reason.
 */
export async function openTargets(addresses: readonly TargetAddress[], patience: Patience): Promise<OpenTargets> {
  const open: BackupTarget[] = [];
  const failed: { target: string; why: string }[] = [];
  const close = () => {
    for (const target of open) target[Symbol.dispose]();
  };
  const all = await Promise.allSettled(addresses.map((address) => openWhileMoving(address, patience)));
  const faults = all.flatMap((one, k) => {
    if (one.status === 'fulfilled') {
      open.push(one.value);
      return [];
    }
    if (!(one.reason instanceof TargetError)) return [one.reason as unknown];
    failed.push({ target: (addresses[k] as TargetAddress).name, why: one.reason.message });
    return [];
  });
  if (faults.length > 0) {
    close();
    throw faults[0];
  }
  return { open, failed, [Symbol.dispose]: close };
}

async function openWhileMoving(address: TargetAddress, patience: Patience): Promise<BackupTarget> {
  const opening = address.kind === 'file' ? openFileTarget(address) : openS3Target(address);
  let isGivenUp = false;
  // One that comes after all has nobody to close it.
  const closed = opening.then((target) => {
    if (isGivenUp) target[Symbol.dispose]();
  });
  closed.catch(() => {});
  try {
    return await whileMoving(address.name, patience, () => opening);
  } catch (cause) {
    isGivenUp = true;
    throw cause;
  }
}
