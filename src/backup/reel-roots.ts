import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LOCK_NAME } from '../disk/lock.ts';
import { reportOf } from '../pipeline/work/finished-run.ts';
import type { Report } from '../report/report.ts';
import { PRESETS } from '../settings/preset.ts';
import { namesOf } from '../settings/preset-file.ts';

/** A file or folder that is backed up. */
export interface BackupRoot {
  /** Absolute. */
  readonly path: string;
  /** Which of a folder's files, by their paths below it, with "/" between the parts; undefined = all. */
  readonly takes?: (below: string) => boolean;
}

/** What belongs to something that is to be backed up, itself first, and what a person should know of it. */
export interface ReelRoots {
  readonly roots: readonly BackupRoot[];
  readonly notes: readonly string[];
}

/** In a work folder: what is known of its takes, and what the farm needs to go on. Their pictures are in the output. */
const RECORDS = /^(?:published|takes\/[^/]+\/[^/]+\.json|farm\/(?:.*\/)?[^/]+)$/;

/**
 * What belongs to a path: where it is the output of a restored reel, also its report, the records of its takes where their work folder
 * was kept, and what the report says was written beside it: mattes, patches, tracks, masters.
 *
 * @param out absolute
 */
export async function rootsOf(out: string): Promise<ReelRoots> {
  const folder = `${out}.report`;
  const report = await reportOf(folder, out);
  const roots: BackupRoot[] = [{ path: out }];
  for (const path of new Set([folder, ...(report ? besideOf(report, out) : [])])) {
    if (await isThere(path)) roots.push({ path });
  }
  if (await isThere(`${out}.work`)) roots.push({ path: `${out}.work`, takes: isRecord });
  return { roots, notes: report ? await presetNotes(report, out) : [] };
}

function isRecord(below: string): boolean {
  return RECORDS.test(below) && !below.endsWith(LOCK_NAME);
}

function besideOf({ outputs, beside = [], masters }: Report, out: string): string[] {
  const made = masters?.made.map(({ path }) => path) ?? [];
  const folders = [...new Set(made.map(dirname))];
  return [
    ...outputs.map(({ path }) => path).filter((path) => path !== out),
    ...beside.map((side) => side.folder),
    ...made.flatMap((path) => [path, `${path}.json`]),
    ...folders.flatMap((of) => [join(of, 'ascmhl'), join(of, 'SHA256SUMS')]),
  ];
}

/** A report names its preset, and does not say where the preset's file is. */
async function presetNotes({ preset }: Report, out: string): Promise<string[]> {
  const [name = ''] = preset.name.split(', ');
  if ((await namesOf(PRESETS)).includes(name)) return [];
  return [
    `"${out}" was restored by the preset "${name}", which does not come with Reelmend: it is backed up where --with gives its file.`,
  ];
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
