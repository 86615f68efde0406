import { type RunOptions, runOptions } from '../pipeline/run-options.ts';
import { type CopiesJob, type CopiesRequest, parseCopies } from './backup-request.ts';
import { listKnown, readManifest } from './find-backup.ts';
import { openTargets } from './open-targets.ts';

/** A backup that a target holds. */
export interface ListedBackup {
  readonly manifest: string;
  /** Targets that hold its manifest, as they were given. */
  readonly targets: readonly string[];
  /** What it holds; null where no target holds its manifest as it was written. */
  readonly content: { readonly from: string; readonly files: number; readonly bytes: number } | null;
}

/** What targets hold. */
export interface BackupList {
  /** The oldest first. */
  readonly backups: readonly ListedBackup[];
  /** Why targets could not be asked, as sentences. */
  readonly failed: readonly string[];
}

/** @throws UsageError for a request that means nothing. Aborting rejects with the signal's reason. */
export async function listBackups(
  request: CopiesRequest,
  options: Partial<Pick<RunOptions, 'signal'>> = {},
): Promise<BackupList> {
  return listBackupsJob(parseCopies(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function listBackupsJob(job: CopiesJob, { signal }: Pick<RunOptions, 'signal'>): Promise<BackupList> {
  const patience = { timeout: job.timeout, signal };
  using targets = await openTargets(job.targets, patience);
  const { ids, trouble } = await listKnown(targets.open, patience);
  const backups: ListedBackup[] = [];
  for (const id of [...new Set([...ids.values()].flat())].sort()) {
    const holders = targets.open.filter((target) => ids.get(target)?.includes(id));
    let content: ListedBackup['content'] = null;
    for (const target of holders) {
      const manifest = await readManifest(target, id, patience);
      if (typeof manifest === 'string' || manifest instanceof Error) continue;
      const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
      content = { from: manifest.from, files: manifest.files.length, bytes };
      break;
    }
    backups.push({ manifest: id, targets: holders.map(({ name }) => name), content });
  }
  return { backups, failed: [...targets.failed.map(({ why }) => why), ...trouble.values()] };
}
