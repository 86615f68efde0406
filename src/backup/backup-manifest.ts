import { sep } from 'node:path';
import { z } from 'zod';
import { packageVersion } from '../disk/package-version.ts';
import { sha256Of } from '../disk/sha256.ts';
import { FILE_TIME } from './file-time.ts';

const BACKUP_FORMAT = 'reelmend-backup/1';
/** The folder of a target's manifests, and that of its objects. */
export const MANIFESTS = 'manifests';
export const OBJECTS = 'objects';

/** Below a folder, with "/" between its parts, and never out of it. */
const below = z.string().refine((path) => path.split(sep === '/' ? '/' : /[\\/:]/).every(isPart), {
  error: 'a path below the folder',
});
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const mtime = z.string().regex(FILE_TIME);
/** Permissions as `chmod` takes them: `0644`. */
const mode = z.string().regex(/^[0-7]{4}$/);

const fileSchema = z.strictObject({ path: below, size: z.int().nonnegative(), mtime, mode, sha256 });
const folderSchema = z.strictObject({ path: below, mtime, mode });

const manifestSchema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  /** Reelmend's own version. */
  version: z.string(),
  /** When the backup began, ISO 8601, UTC. */
  begun: z.iso.datetime(),
  /** True where every object was read back in full for this backup, whatever earlier ones had read. */
  reread: z.boolean(),
  /** The folder that all paths lie below, where they were backed up. */
  from: z.string(),
  files: z.array(fileSchema),
  folders: z.array(folderSchema),
  /** What was to be backed up and was not, and why. */
  leftOut: z.array(z.strictObject({ path: z.string(), why: z.string() })),
});

/** All that one backup holds, and what it was like. */
export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackedUpFile = BackupManifest['files'][number];

/** A manifest as it lies on a target: its name tells its time, and the first digits of its own hash. */
export interface NamedManifest {
  /** `20261128T020000000Z-0123456789abcdef`. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** Digits of a manifest's hash in its name: enough to tell a damaged one. */
const HASH_DIGITS = 16;
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{16}$/;

/** Gives what was backed up its name and its text. */
export function nameManifest(content: Omit<BackupManifest, 'format' | 'version'>): NamedManifest {
  const manifest: BackupManifest = { format: BACKUP_FORMAT, version: packageVersion(), ...content };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const time = content.begun.replace(/[-:.]/g, '');
  return { id: `${time}-${hashDigits(bytes)}`, bytes };
}

/** A manifest's own id by the name of its object; null for what is none. */
export function idOfName(name: string): string | null {
  const id = name.replace(/\.json$/, '');
  return id !== name && ID.test(id) ? id : null;
}

/** What the manifest of this id says; null where its bytes are not those that were given the name. */
export function readNamedManifest(id: string, bytes: Uint8Array): BackupManifest | null {
  if (!id.endsWith(hashDigits(bytes))) return null;
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}

/** Where it lies on a target. */
export function manifestKey(id: string): string {
  return `${MANIFESTS}/${id}.json`;
}

/** Where content lies on a target, by its SHA-256. */
export function objectKey(hash: string): string {
  return `${OBJECTS}/${hash.slice(0, 2)}/${hash}`;
}

/** Files of one content: at least one. */
export type SameFiles = readonly [BackedUpFile, ...BackedUpFile[]];

/** The files of a backup by their content, in the order of their paths. */
export function contentOf({ files }: Pick<BackupManifest, 'files'>): readonly SameFiles[] {
  const content = new Map<string, [BackedUpFile, ...BackedUpFile[]]>();
  for (const file of files) {
    const same = content.get(file.sha256);
    if (same) same.push(file);
    else content.set(file.sha256, [file]);
  }
  return [...content.values()];
}

function hashDigits(bytes: Uint8Array): string {
  return sha256Of(bytes).slice(0, HASH_DIGITS);
}

function isPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !part.includes('\0');
}
