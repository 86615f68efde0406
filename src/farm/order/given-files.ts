import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { publishFile } from '../../disk/publish-file.ts';
import { sha256Of } from '../../disk/sha256.ts';
import type { PersonStills, RestoreJob } from '../../pipeline/job.ts';
import { stillFiles } from '../../pipeline/stills/read-still.ts';
import { MASTER_PRESETS } from '../../settings/master-preset.ts';
import { PRESETS } from '../../settings/preset.ts';
import { type PresetKind, resolvePreset } from '../../settings/preset-file.ts';

/**
 * Copies the small files that a job names beside its output, each in a folder of its hash: stills, presets with what they extend,
 * overrides, a shot list. What the job says then is what it said when it was submitted, wherever it is read.
 *
 * @param folder where they go
 * @returns the job with its paths there
 */
export async function giveFiles(job: RestoreJob, folder: string): Promise<RestoreJob> {
  const give = async (name: string, content: Uint8Array | string): Promise<string> => {
    const path = join(folder, sha256Of(content).slice(0, 16), name);
    const before = await readFile(path).catch(() => null);
    if (before === null || !before.equals(Buffer.from(content))) await publishFile(path, content);
    return path;
  };
  const file = async (path: string) => give(basename(path), await readFile(path));
  const preset = async (kind: PresetKind, nameOrPath: string): Promise<string> => {
    if (!isFile(nameOrPath)) return nameOrPath;
    const { name, description, settings } = await resolvePreset(kind, nameOrPath);
    const whole = { format: kind.format, name, description, ...(settings as object) };
    return give(basename(nameOrPath), JSON.stringify(whole, null, 2));
  };
  const people = async (given: readonly PersonStills[]): Promise<PersonStills[]> => {
    const copied: PersonStills[] = [];
    for (const person of given) {
      const paths: string[] = [];
      for (const path of await stillFiles(person.paths)) paths.push(await file(path));
      copied.push({ ...person, paths });
    }
    return copied;
  };
  const masters: string[] = [];
  for (const master of job.masters) masters.push(await preset(MASTER_PRESETS, master));
  return {
    ...job,
    preset: await preset(PRESETS, job.preset),
    references: await people(job.references),
    find: await people(job.find),
    masters,
    ...(job.overrides === undefined ? {} : { overrides: await file(job.overrides) }),
    ...(job.shots === undefined ? {} : { shots: await file(job.shots) }),
  };
}

/** As presets are told from names. */
function isFile(nameOrPath: string): boolean {
  return /[\\/]|\.json$/.test(nameOrPath);
}
