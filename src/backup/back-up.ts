import { type RunOptions, runOptions } from '../pipeline/run-options.ts';
import { backupEvents } from './backup-events.ts';
import { type BackupManifest, nameManifest } from './backup-manifest.ts';
import { type BackupJob, type BackupRequest, parseBackup } from './backup-request.ts';
import { findSources } from './find-sources.ts';
import { openTargets } from './open-targets.ts';
import { rootsOf } from './reel-roots.ts';
import { sharedDisks } from './shared-disks.ts';
import { readSources } from './source-content.ts';
import { type BackedUpTarget, completeTarget, supplyTarget } from './supply-target.ts';
import { transferMeter } from './transfer-meter.ts';

/** How a backup ended. */
export interface BackupSummary {
  /** What names it for `verifyBackup` and `restoreBackup`; on the targets that are good. */
  readonly manifest: string;
  /** The folder that all files lie below. */
  readonly from: string;
  readonly files: number;
  readonly bytes: number;
  readonly targets: readonly BackedUpTarget[];
  /** What was to be backed up and was not, and why: the end of a sentence. */
  readonly leftOut: BackupManifest['leftOut'];
  /** Good copies that were asked for. */
  readonly copies: number;
  /** True where so many copies are good and nothing was left out. */
  readonly success: boolean;
  /** What a person should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Copies finished reels and other files to several places, and reads every copy back. What a place holds already is read, and not
 * sent again. Trouble with a target is told in the summary, and keeps no other from being served.
 *
 * @throws UsageError for a request that means nothing, and where there is nothing at a path. Aborting rejects with the signal's reason.
 */
export async function backUp(request: BackupRequest, options: Partial<RunOptions> = {}): Promise<BackupSummary> {
  return backupJob(parseBackup(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function backupJob(job: BackupJob, run: RunOptions): Promise<BackupSummary> {
  const summary = await copyAll(job, run);
  for (const event of backupEvents(summary)) run.onEvent(event);
  return summary;
}

async function copyAll(job: BackupJob, run: RunOptions): Promise<BackupSummary> {
  const now = new Date();
  const patience = { timeout: job.timeout, signal: run.signal };
  using targets = await openTargets(job.targets, patience);
  const reels = await Promise.all(job.what.map(rootsOf));
  const found = await findSources([...reels.flatMap(({ roots }) => roots), ...job.with.map((path) => ({ path }))]);
  const { files, content, leftOut } = await readSources(found, run);

  const total = content.reduce((sum, { size }) => sum + size, 0);
  // Every target is sent each byte, and gives it back.
  const meter = transferMeter('copying', { total, moves: 2 * targets.open.length }, run.onProgress);
  const changed = new Map<string, string>();
  const supplied = await Promise.all(
    targets.open.map(async (target) => {
      using share = meter.share(2 * total);
      return await supplyTarget(target, content, {
        ...patience,
        onBytes: share.onBytes,
        changed,
        days: job.trust,
        now,
      });
    }),
  );

  const whole = files.filter(({ sha256 }) => !changed.has(sha256));
  const torn = files.flatMap(({ path, sha256 }) => ({ path, why: changed.get(sha256) ?? '' }));
  const lacking = [...found.leftOut, ...leftOut, ...torn.filter(({ why }) => why !== '')];
  const manifest = nameManifest({
    begun: now.toISOString(),
    reread: supplied.every(({ trusted }) => trusted === 0),
    from: found.from,
    files: whole,
    folders: found.folders,
    leftOut: lacking,
  });
  const ended = await Promise.all(
    targets.open.map(async (target, k) => {
      const copy = supplied[k] as BackedUpTarget;
      return copy.good ? completeTarget(target, copy, manifest, patience) : copy;
    }),
  );
  const missing = new Set(targets.failed.map(({ target }) => target));
  const there = job.targets.filter(({ name }) => !missing.has(name));
  const absent = targets.failed.map((failed) => ({
    ...failed,
    good: false,
    sent: 0,
    sentBytes: 0,
    kept: 0,
    trusted: 0,
  }));
  const all = job.targets.flatMap(({ name }) => [...ended, ...absent].filter(({ target }) => target === name));
  return {
    manifest: manifest.id,
    from: found.from,
    files: whole.length,
    bytes: whole.reduce((sum, { size }) => sum + size, 0),
    targets: all,
    leftOut: lacking,
    copies: job.copies,
    success: all.filter(({ good }) => good).length >= job.copies && lacking.length === 0,
    notes: [...reels.flatMap(({ notes }) => notes), ...(await sharedDisks(there, job.what, patience))],
  };
}
