import type { BackupTarget } from './backup-target.ts';
import { openFileTarget } from './file-target.ts';
import { openS3Target } from './s3-target.ts';
import type { TargetAddress } from './target-address.ts';
import { TargetError } from './target-error.ts';

/** The targets of a run. */
export interface OpenTargets extends Disposable {
  /** Those that are there, in the order in which they were given. */
  readonly open: readonly BackupTarget[];
  /** Those that are not, with the reason as a sentence. */
  readonly failed: readonly { readonly target: string; readonly why: string }[];
}

/** @throws UsageError where the packages for one are not installed */
export async function openTargets(addresses: readonly TargetAddress[]): Promise<OpenTargets> {
  const open: BackupTarget[] = [];
  const failed: { target: string; why: string }[] = [];
  const close = () => {
    for (const target of open) target[Symbol.dispose]();
  };
  try {
    for (const address of addresses) {
      try {
        open.push(await (address.kind === 'file' ? openFileTarget(address) : openS3Target(address)));
      } catch (cause) {
        if (!(cause instanceof TargetError)) throw cause;
        failed.push({ target: address.name, why: cause.message });
      }
    }
  } catch (cause) {
    close();
    throw cause;
  }
  return { open, failed, [Symbol.dispose]: close };
}
