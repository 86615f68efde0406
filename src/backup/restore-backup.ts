import { chmod, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyDurably, makeFolder, publish, sweepStale, syncPath, unfinishedName } from '../disk/durable.ts';
import { OutputError, outputError } from '../disk/output-error.ts';
import { type RunOptions, runOptions } from '../pipeline/run-options.ts';
import { assertSpace } from '../pipeline/work/space.ts';
import { inParallel } from '../stream/in-parallel.ts';
import { restoredEvents } from './backup-events.ts';
import { type BackedUpFile, type BackupManifest, contentOf, type SameFiles } from './backup-manifest.ts';
import { parseRestoreBackup, type RestoreBackupJob, type RestoreBackupRequest } from './backup-request.ts';
import { secondsOfFileTime } from './file-time.ts';
import { findBackup } from './find-backup.ts';
import { type ObjectSources, objectSources } from './object-sources.ts';
import { openTargets } from './open-targets.ts';
import { transferMeter } from './transfer-meter.ts';

/** How the restoring of a backup ended. */
export interface RestoreBackupSummary {
  readonly manifest: string;
  /** Where the files are: the folder that was asked for or, where some are lost, that name with `.incomplete` behind it. */
  readonly folder: string;
  /** Files that are there. */
  readonly files: number;
  readonly bytes: number;
  /** Paths of files that no target has as they were. */
  readonly lost: readonly string[];
  /** What was wrong with targets, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Fetches all files of a backup into a new folder, bit for bit, with their times and permissions. What one target lacks or has damaged
 * is taken from another. The folder gets its name when all is on the disk; where files are lost, the name says so.
 *
 * @throws UsageError for a request that means nothing; BackupError where no backup is found; OutputError where the folder exists, or
 *   cannot be written. Aborting rejects with the signal's reason.
 */
export async function restoreBackup(
  request: RestoreBackupRequest,
  options: Partial<RunOptions> = {},
): Promise<RestoreBackupSummary> {
  return restoreBackupJob(parseRestoreBackup(request), runOptions(options));
}

/** The same for a request that is parsed already. */
export async function restoreBackupJob(job: RestoreBackupJob, run: RunOptions): Promise<RestoreBackupSummary> {
  const summary = await bringBack(job, run);
  for (const event of restoredEvents(summary)) run.onEvent(event);
  return summary;
}

async function bringBack(job: RestoreBackupJob, run: RunOptions): Promise<RestoreBackupSummary> {
  const patience = { timeout: job.timeout, signal: run.signal };
  const incomplete = `${job.folder}.incomplete`;
  for (const folder of [job.folder, incomplete]) await expectFree(folder);
  using targets = await openTargets(job.targets, patience);
  const { failed } = targets;
  const { id, manifest, trouble } = await findBackup(targets.open, job.manifest, { ...patience, failed });
  await assertSpace(job.folder, bytesOf(manifest.files));
  await makeFolder(dirname(job.folder));
  await sweepStale(dirname(job.folder));

  const total = bytesOf(contentOf(manifest).map(([file]) => file));
  const meter = transferMeter('copying', { total }, run.onProgress);
  // Content lies by its hash: a target without this manifest may hold all of it, and is asked last.
  const usable = [...targets.open].sort((a, b) => Number(trouble.has(a)) - Number(trouble.has(b)));
  const sources = objectSources(usable, { ...patience, onBytes: meter.onBytes });
  const draft = unfinishedName(job.folder);
  try {
    await makeFolder(draft);
    const lost = await fetchAll(draft, manifest, sources);
    const folder = lost.size > 0 ? incomplete : job.folder;
    run.signal.throwIfAborted();
    await publish(draft, folder);
    const there = manifest.files.filter(({ path }) => !lost.has(path));
    return {
      manifest: id,
      folder,
      files: there.length,
      bytes: bytesOf(there),
      lost: [...lost].sort(),
      notes: [...failed.map(({ why }) => why), ...trouble.values(), ...sources.notes()],
    };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Files that are fetched at a time, since each waits for an answer first. */
const AT_ONCE = 4;

/** Fetches the files of a manifest into a folder; which of them no target has. */
async function fetchAll(
  folder: string,
  manifest: BackupManifest,
  sources: ObjectSources,
): Promise<ReadonlySet<string>> {
  const pathOf = (below: string) => join(folder, ...below.split('/'));
  const lost = new Set<string>();
  const made = new Set<string>();
  for (const below of [
    ...manifest.folders.map(({ path }) => path),
    ...manifest.files.map(({ path }) => dirname(path)),
  ]) {
    if (!made.has(below)) await makeFolder(pathOf(below));
    made.add(below);
  }
  const content = contentOf(manifest);
  await inParallel(content.length, AT_ONCE, async (k) => {
    const [first, ...others] = content[k] as SameFiles;
    if (!(await sources.fetch(first, pathOf(first.path)))) {
      for (const { path } of [first, ...others]) lost.add(path);
      return;
    }
    for (const { path } of others) await copyDurably(pathOf(first.path), pathOf(path));
    for (const file of [first, ...others]) await stampFile(pathOf(file.path), file);
  });
  // The deepest first, since what is written into a folder changes its time.
  for (const { path, mtime, mode } of manifest.folders.toReversed()) {
    const seconds = secondsOfFileTime(mtime);
    await syncPath(pathOf(path));
    await chmod(pathOf(path), Number.parseInt(mode, 8));
    await utimes(pathOf(path), seconds, seconds);
  }
  return lost;
}

/** Gives a file its time and permissions, and waits until all of it is on the disk. */
async function stampFile(path: string, { mtime, mode }: BackedUpFile): Promise<void> {
  try {
    await using file = await open(path, 'r+');
    const seconds = secondsOfFileTime(mtime);
    await file.utimes(seconds, seconds);
    await file.chmod(Number.parseInt(mode, 8));
    await file.sync();
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** @throws OutputError where a folder of this name holds anything */
async function expectFree(folder: string): Promise<void> {
  const facts = await stat(folder).catch(() => null);
  if (facts === null || (facts.isDirectory() && (await readdir(folder)).length === 0)) return;
  throw new OutputError(
    folder,
    `"${folder}" exists already, and nothing is written over. Give the name of a new folder, or remove it.`,
  );
}

function bytesOf(files: readonly BackedUpFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
