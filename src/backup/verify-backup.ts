import { type RunOptions, runOptions } from '../pipeline/run-options.ts';
import { inParallel } from '../stream/in-parallel.ts';
import { verifyEvents } from './backup-events.ts';
import { contentOf, objectKey, type SameFiles } from './backup-manifest.ts';
import { parseVerifyBackup, type VerifyBackupJob, type VerifyBackupRequest } from './backup-request.ts';
import type { BackupTarget } from './backup-target.ts';
import { findBackup } from './find-backup.ts';
import { type Asking, copyState } from './object-copy.ts';
import { openTargets } from './open-targets.ts';
import { TargetError } from './target-error.ts';
import { transferMeter } from './transfer-meter.ts';

/** What was found on one target. */
export interface VerifiedTarget {
  /** As it was given. */
  readonly target: string;
  /** True where every object is what it should be. */
  readonly good: boolean;
  /** Paths of files whose content is another than it should be, and of those whose content is not there. */
  readonly damaged: readonly string[];
  readonly absent: readonly string[];
  /** Why it is not good, as a sentence. */
  readonly why?: string;
}

/** How a verification ended. */
export interface VerifySummary {
  readonly manifest: string;
  readonly from: string;
  readonly files: number;
  readonly bytes: number;
  readonly targets: readonly VerifiedTarget[];
  readonly copies: number;
  /** True where so many copies are good. */
  readonly success: boolean;
}

/**
 * Reads and hashes every object of a backup on every target.
 *
 * @throws UsageError for a request that means nothing; BackupError where no backup is found. Aborting rejects with the signal's reason.
 */
export async function verifyBackup(
  request: VerifyBackupRequest,
  options: Partial<RunOptions> = {},
): Promise<VerifySummary> {
  return verifyBackupJob(parseVerifyBackup(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function verifyBackupJob(job: VerifyBackupJob, run: RunOptions): Promise<VerifySummary> {
  const summary = await readAll(job, run);
  for (const event of verifyEvents(summary)) run.onEvent(event);
  return summary;
}

async function readAll(job: VerifyBackupJob, run: RunOptions): Promise<VerifySummary> {
  const patience = { timeout: job.timeout, signal: run.signal };
  using targets = await openTargets(job.targets, patience);
  const { failed } = targets;
  const { id, manifest, trouble } = await findBackup(targets.open, job.manifest, { ...patience, failed });
  const content = contentOf(manifest);
  const total = content.reduce((sum, [{ size }]) => sum + size, 0);
  const moves = Math.max(1, targets.open.length);
  const meter = transferMeter('verifying', { total, moves }, run.onProgress);
  const verified = await Promise.all(
    targets.open.map(async (target): Promise<VerifiedTarget> => {
      using share = meter.share(total);
      const why = trouble.get(target);
      if (why !== undefined) return { target: target.name, good: false, damaged: [], absent: [], why };
      return await verifyTarget(target, content, { ...patience, onBytes: share.onBytes });
    }),
  );
  const absent = failed.map((one) => ({ ...one, good: false, damaged: [], absent: [] }));
  const all = job.targets.flatMap(({ name }) => [...verified, ...absent].filter(({ target }) => target === name));
  return {
    manifest: id,
    from: manifest.from,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { size }) => sum + size, 0),
    targets: all,
    copies: job.copies,
    success: all.filter(({ good }) => good).length >= job.copies,
  };
}

/** Objects that are read at a time, since each waits for an answer first. */
const AT_ONCE = 4;

async function verifyTarget(
  target: BackupTarget,
  content: readonly SameFiles[],
  asking: Asking,
): Promise<VerifiedTarget> {
  const bad = { damaged: [] as string[], absent: [] as string[] };
  try {
    await inParallel(content.length, AT_ONCE, async (k) => {
      const files = content[k] as SameFiles;
      const state = await copyState(target, objectKey(files[0].sha256), files[0], asking);
      if (state !== 'good') bad[state].push(...files.map(({ path }) => path));
    });
  } catch (cause) {
    if (!(cause instanceof TargetError)) throw cause;
    return { target: target.name, good: false, ...bad, why: cause.message };
  }
  const [damaged, absent] = [bad.damaged.sort(), bad.absent.sort()];
  if (damaged.length + absent.length === 0) return { target: target.name, good: true, damaged, absent };
  const parts = [
    ...(damaged.length > 0 ? [`corrupts: ${named(damaged)} not what was sent`] : []),
    ...(absent.length > 0 ? [`lacks ${listed(absent)}`] : []),
  ];
  return {
    target: target.name,
    good: false,
    damaged,
    absent,
    why: `${target.name} ${parts.join(', and ')}. Back up again where the files are still there: what is good is not sent again.`,
  };
}

function named(paths: readonly string[]): string {
  return `${listed(paths)} ${paths.length === 1 ? 'is' : 'are'}`;
}

/** `"a", "b" and 3 more`. */
function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map((path) => `"${path}"`);
  const rest = paths.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
