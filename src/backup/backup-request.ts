import { resolve } from 'node:path';
import { z } from 'zod';
import { asField, type FieldName } from '../pipeline/request/field-name.ts';
import { parsed } from '../pipeline/request/parse-fields.ts';
import { UsageError } from '../settings/usage-error.ts';
import { isIn } from './find-sources.ts';
import { parseTarget, placeKey, type TargetAddress } from './target-address.ts';

/** Where copies are. */
export interface CopiesRequest {
  /** `file:<folder>` or `s3://bucket/prefix`; the latter with `?endpoint=…&region=…` where it has its own. */
  readonly to: readonly string[];
  /** Address of the S3 store, for all targets that do not say otherwise. Default: Amazon's. */
  readonly endpoint?: string | undefined;
  /** Region of the buckets. Default: as the SDK finds it. */
  readonly region?: string | undefined;
  /** Seconds without progress after which a target counts as stalled. Default 120. */
  readonly timeout?: number | undefined;
}

/** What `backUp` is asked. */
export interface BackupRequest extends CopiesRequest {
  /** Outputs of restored reels, with all that belongs to them, and any other files and folders. */
  readonly what: readonly string[];
  /** Files that a reel was restored with: presets, overrides, shot lists. */
  readonly with?: readonly string[] | undefined;
  /** Copies that must be good. Default 3. */
  readonly copies?: number | undefined;
  /** Days for which content that a backup has read back is not read again, but asked for its size. Default 0: all is read every time. */
  readonly trust?: number | undefined;
}

/** What `verifyBackup` is asked. */
export interface VerifyBackupRequest extends CopiesRequest {
  readonly copies?: number | undefined;
  /** Id of the backup, or its beginning. Default: the newest. */
  readonly manifest?: string | undefined;
}

/** What `restoreBackup` is asked. */
export interface RestoreBackupRequest extends CopiesRequest {
  /** A folder that does not exist yet, or is empty. */
  readonly folder: string;
  readonly manifest?: string | undefined;
}

/** Targets as they are opened, and how long each may take. */
export interface CopiesJob {
  readonly targets: readonly TargetAddress[];
  readonly timeout: number;
}

export interface BackupJob extends CopiesJob {
  /** Absolute, as the next. */
  readonly what: readonly string[];
  readonly with: readonly string[];
  readonly copies: number;
  /** Days. */
  readonly trust: number;
}

export interface VerifyBackupJob extends CopiesJob {
  readonly copies: number;
  readonly manifest: string | undefined;
}

export interface RestoreBackupJob extends CopiesJob {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: string | undefined;
}

const path = z.string({ error: 'a path' }).min(1, { error: 'a path' });
const copies = z.int({ error: 'a number of copies' }).min(1, { error: 'one copy at least' }).default(3);
const manifest = z.string({ error: 'the id of a backup' }).min(1, { error: 'the id of a backup' }).optional();

const copiesSchema = z.strictObject({
  to: z.array(z.string(), { error: 'a list of targets' }),
  endpoint: z.string({ error: 'an address' }).optional(),
  region: z.string({ error: 'a region' }).optional(),
  timeout: z
    .number({ error: 'a number of seconds' })
    .positive({ error: 'a number of seconds' })
    .max(2e6, { error: 'a number of seconds, 2000000 at most' })
    .default(120),
});
const paths = z.array(path, { error: 'a list of paths' });
const backupSchema = copiesSchema.extend({
  what: paths.min(1, { error: 'one file or folder at least' }),
  with: paths.default([]),
  copies,
  trust: z.number({ error: 'a number of days' }).min(0, { error: 'a number of days' }).default(0),
});
const verifySchema = copiesSchema.extend({ copies, manifest });
const restoreSchema = copiesSchema.extend({ folder: path, manifest });

/** @throws UsageError, as the following do, for an unknown field, or a value that means nothing */
export function parseBackup(request: BackupRequest, name: FieldName = asField): BackupJob {
  const values = parsed(backupSchema, request, name);
  const job = {
    ...copiesOf(values, name),
    what: values.what.map((one) => resolve(one)),
    with: values.with.map((one) => resolve(one)),
    copies: values.copies,
    trust: values.trust,
  };
  expectEnough(job, name);
  for (const target of job.targets) {
    const around = [...job.what, ...job.with].find((one) => target.kind === 'file' && isIn(one, target.folder));
    if (around === undefined) continue;
    throw new UsageError(
      `${name('to')} "${target.name}" lies in "${around}", which is to be backed up. Choose a folder elsewhere, best on another disk.`,
    );
  }
  return job;
}

export function parseVerifyBackup(request: VerifyBackupRequest, name: FieldName = asField): VerifyBackupJob {
  const values = parsed(verifySchema, request, name);
  const job = { ...copiesOf(values, name), copies: values.copies, manifest: values.manifest };
  expectEnough(job, name);
  return job;
}

export function parseRestoreBackup(request: RestoreBackupRequest, name: FieldName = asField): RestoreBackupJob {
  const values = parsed(restoreSchema, request, name);
  return { ...copiesOf(values, name), folder: resolve(values.folder), manifest: values.manifest };
}

export function parseCopies(request: CopiesRequest, name: FieldName = asField): CopiesJob {
  return copiesOf(parsed(copiesSchema, request, name), name);
}

function copiesOf({ to, endpoint, region, timeout }: z.output<typeof copiesSchema>, name: FieldName): CopiesJob {
  if (to.length === 0) {
    throw new UsageError(
      `Add ${name('to')} and where copies are: file:<folder> or s3://bucket/prefix; again for more.`,
    );
  }
  const targets = to.map((text) => parseTarget(name('to'), text, { endpoint, region }));
  const places = targets.map(placeKey);
  const doubled = targets.find((_, k) => places.indexOf(places[k] ?? '') < k);
  if (doubled) {
    throw new UsageError(`${name('to')} "${doubled.name}" is the same place as another target, which is one copy.`);
  }
  return { targets, timeout };
}

function expectEnough({ targets, copies: wanted }: CopiesJob & { copies: number }, name: FieldName): void {
  if (targets.length >= wanted) return;
  const given = targets.length === 1 ? 'only one target is' : `only ${targets.length} targets are`;
  throw new UsageError(
    `${wanted} copies need as many targets, and ${given} given. Add ${name('to')} and another place, or say ${name('copies')} ${targets.length}.`,
  );
}
