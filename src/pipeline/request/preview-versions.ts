import { basename, extname } from 'node:path';
import { RESTORERS, type RestorerName } from '../../restore/restorers.ts';
import { closestName } from '../../settings/closest-name.ts';
import { settingsSchema } from '../../settings/preset-schema.ts';
import { checkChanges } from '../../settings/setting-changes.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { PreviewJob, PreviewVersion } from '../job.ts';
import type { FieldName } from './field-name.ts';

/** More of them are too small side by side to be told apart. */
const MOST_VERSIONS = 12;

/** What stands for the flag `--restorer` among settings that vary. */
const RESTORER = 'restorer';

/**
 * Every combination of the values that settings are to have, the first setting's values changing last.
 *
 * @throws UsageError for what is no setting or no value of one, and for too many combinations
 */
export function versionsOf(vary: Readonly<Record<string, readonly unknown[]>>, name: FieldName): PreviewVersion[] {
  const flag = name('vary');
  let versions: readonly PreviewVersion[] = [{ settings: {} }];
  for (const [setting, values] of Object.entries(vary)) {
    for (const value of values) {
      if (setting === RESTORER) restorerOf(value, flag);
      else checkChanges({ [setting]: value }, settingsSchema(RESTORERS), flag);
    }
    versions = versions.flatMap((version) =>
      values.map((value) =>
        setting === RESTORER
          ? { ...version, restorer: restorerOf(value, flag) }
          : { ...version, settings: { ...version.settings, [setting]: value } },
      ),
    );
  }
  if (versions.length > MOST_VERSIONS) {
    throw new UsageError(
      `${flag} asks for ${versions.length} versions of the same frames, and ${MOST_VERSIONS} can be told apart at most. Give fewer values, or vary one setting after the other.`,
    );
  }
  return Object.keys(vary).length === 0 ? [] : [...versions];
}

function restorerOf(value: unknown, flag: string): RestorerName {
  const names = RESTORERS.map((restorer) => restorer.name);
  const found = names.find((one) => one === value);
  if (found) return found;
  const meant = closestName(String(value), names);
  const advice = meant ? ` Did you mean "${meant}"?` : '';
  throw new UsageError(`${flag} restorer=${value} is not one of ${names.join(', ')}.${advice}`);
}

/** Refuses two ways of saying which frames are shown. @throws UsageError */
export function checkShown(
  { range, shot, every }: { readonly [Part in 'range' | 'shot' | 'every']?: unknown },
  name: FieldName,
): void {
  const given = Object.entries({ range, shot, every }).flatMap(([part, value]) =>
    value === undefined ? [] : [name(part)],
  );
  if (given.length < 2) return;
  throw new UsageError(`${given.join(' and ')} each say which frames are shown. Give one of them.`);
}

/** `scan.preview` for `/film/scan/`, `/film/scan.mov` and `/film/scan.%04d.dpx`. */
export function previewFolder(reel: PreviewJob['reel']): string {
  const name = basename(reel);
  const pattern = /^(.*?)[._-]?(?:%0?\d*d|#+)/.exec(name)?.[1];
  return `${(pattern ?? basename(name, extname(name))) || 'reel'}.preview`;
}
