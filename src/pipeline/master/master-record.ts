import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { OutputError } from '../../disk/output-error.ts';
import { packageVersion } from '../../disk/package-version.ts';
import { publishFile } from '../../disk/publish-file.ts';
import type { Reel } from '../../film/reel.ts';
import type { Nearness } from '../../media/master/compare-pictures.ts';
import type { PlannedMaster } from './plan-masters.ts';

const RECORD_FORMAT = 'reelmend-master-record/1';

const worst = z.strictObject({ least: z.number().nullable(), frame: z.int() });

/** `<master>.json` beside a master: what it was made of, and what it was found to be. */
const recordSchema = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  /** Reelmend's own version. */
  version: z.string(),
  /** When it was verified, ISO 8601, UTC. */
  finished: z.iso.datetime(),
  /** What its bytes depend on; a master with the same key is not made again. */
  key: z.string(),
  preset: z.strictObject({ name: z.string(), hash: z.string() }),
  reel: z.string(),
  /** Its file or folder, beside the record; bytes of all its files, and how many there are. */
  name: z.string(),
  bytes: z.number(),
  files: z.int(),
  frames: z.int(),
  /** True where every frame has the reel's own samples. */
  lossless: z.boolean(),
  /** The worst frames against the reel through the same conversion, in its own numbering; `least` is null where nothing differs. */
  psnr: worst.nullable(),
  ssim: worst.nullable(),
  /** What its container or codec does not keep, and what else a person should know, as sentences. */
  notes: z.array(z.string()),
  /** Where it has content credentials: SHA-256 of the edit log that they are of, and of the master before, and its bytes then. */
  signed: z.exactOptional(
    z.strictObject({ editLog: z.string(), sha256: z.string(), bytes: z.number(), isInside: z.boolean() }),
  ),
});
export type MasterRecord = z.infer<typeof recordSchema>;

/** Bytes of a master's files, and how many there are. */
type Size = Pick<MasterRecord, 'bytes' | 'files'>;

/** What a master that was verified is found to be, now. */
export function recordOf(
  { preset, master, key }: PlannedMaster,
  reel: Reel,
  { nearness, notes, size }: { readonly nearness: Nearness; readonly notes: readonly string[]; readonly size: Size },
): MasterRecord {
  return {
    format: RECORD_FORMAT,
    version: packageVersion(),
    finished: new Date().toISOString(),
    key,
    preset: { name: preset.name, hash: preset.hash },
    reel: basename(reel.path),
    name: basename(master.path),
    ...size,
    frames: nearness.frames,
    lossless: nearness.same,
    psnr: worstOf(nearness.psnr),
    ssim: worstOf(nearness.ssim),
    notes: [...notes],
  };
}

function worstOf(value: Nearness['psnr']): MasterRecord['psnr'] {
  if (value === undefined) return null;
  return { least: Number.isFinite(value.least) ? Number(value.least.toFixed(5)) : null, frame: value.frame };
}

/** The record of a master that an earlier run has finished in the same way. @throws OutputError where something else has its name */
export async function finishedRecord({ master, key }: PlannedMaster): Promise<MasterRecord | null> {
  const size = await measured(master.path);
  if (size === null) {
    await rm(recordPath(master.path), { force: true });
    return null;
  }
  const record = await readRecord(master.path);
  if (record?.key === key && record.files === size.files) {
    if (record.bytes === size.bytes) return record;
    const { signed, ...unsigned } = record;
    if (signed?.bytes === size.bytes) return { ...unsigned, bytes: size.bytes };
  }
  const why =
    record === null
      ? 'and no record beside it says that it was verified'
      : record.key === key
        ? 'and it is not what it was when it was verified'
        : 'made of another reel, or in another way';
  throw new OutputError(master.path, `"${master.path}" exists already, ${why}. Remove it, or choose another --out.`);
}

/** Where the record of a master is. */
function recordPath(master: string): string {
  return `${master}.json`;
}

/** The record of a master, where there is one; null where there is none that can be read. */
async function readRecord(master: string): Promise<MasterRecord | null> {
  const text = await readFile(recordPath(master), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const record = recordSchema.parse(JSON.parse(text));
    return record.name === basename(master) ? record : null;
  } catch {
    return null;
  }
}

export async function writeRecord(master: string, record: MasterRecord): Promise<void> {
  await publishFile(recordPath(master), `${JSON.stringify(record, null, 2)}\n`);
}

/** Bytes and number of a master's files; null where it is not there. */
export async function measured(master: string): Promise<Size | null> {
  const found = await stat(master).catch(() => null);
  if (found === null) return null;
  if (!found.isDirectory()) return { bytes: found.size, files: 1 };
  const names = await readdir(master);
  let bytes = 0;
  for (const name of names) bytes += (await stat(join(master, name))).size;
  return { bytes, files: names.length };
}
