import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageFolder } from '../disk/package-folder.ts';
import { hashOf } from './canonical-json.ts';
import { closestName } from './closest-name.ts';
import { PresetError } from './preset-error.ts';
import { type RestorerRoom, type RoomsOf, type Settings, settingsSchema } from './preset-schema.ts';
import { changeTexts, type SettingChanges, withChanges } from './setting-changes.ts';
import { parseSettings, readSettings } from './settings-file.ts';

/**
 * How a run tracks, decides and restores. It also has a room of settings for every restorer that it was loaded for. Presets with
 * the same settings have the same hash, whatever their names.
 */
export interface Preset extends Settings {
  readonly name: string;
  readonly description: string;
  /** SHA-256 of the settings' canonical JSON, lower-case hex. */
  readonly hash: string;
}

export const PRESET_FORMAT = 'reelmend-preset/1';

const fileSchema = z.looseObject({
  format: z.literal(PRESET_FORMAT, { error: `"${PRESET_FORMAT}"` }),
  name: z.string({ error: 'a name' }),
  description: z.string({ error: 'a sentence' }).default(''),
  /** The preset that gives the settings which this file does not state. */
  extends: z.exactOptional(z.string({ error: 'the name of a preset' })),
});

/**
 * Reads a preset by its name in `pipelines/`, or from a file of JSON (a name that has a separator or ends in `.json`).
 *
 * @param restorers those that it may choose from
 * @param changes what this run has otherwise; see `checkChanges`
 * @throws PresetError that names the file, the setting, what was expected and what was found.
 */
export async function loadPreset<const Restorers extends readonly RestorerRoom[]>(
  nameOrPath: string,
  restorers: Restorers,
  changes: SettingChanges = {},
): Promise<Preset & RoomsOf<Restorers>> {
  const { file, name, description, settings } = await resolve(nameOrPath, []);
  const whole = parseSettings('Preset', file, settingsSchema(restorers), withChanges(settings, changes));
  const called = [name, ...changeTexts(changes)].join(', ');
  return { ...(whole as Settings & RoomsOf<Restorers>), name: called, description, hash: hashOf(whole) };
}

/** The presets that come with Reelmend, by name. */
export async function presetNames(): Promise<string[]> {
  const files = await readdir(pipelinesFolder());
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

interface Resolved {
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly settings: unknown;
}

async function resolve(nameOrPath: string, heirs: readonly string[]): Promise<Resolved> {
  const file = await fileOf(nameOrPath);
  const {
    format: _,
    extends: base,
    name,
    description,
    ...own
  } = parseSettings('Preset', file, fileSchema, await readSettings('Preset', file));
  if (base === undefined) return { file, name, description, settings: own };
  const line = [...heirs, file];
  if (line.includes(await fileOf(base))) {
    throw new PresetError(
      `Preset "${file}": "extends" leads back to ${base}. Let one of them state its settings itself.`,
      {
        file,
        key: 'extends',
        expected: 'a preset that does not extend this one',
        got: base,
      },
    );
  }
  const inherited = await resolve(base, line);
  return { file, name, description, settings: merged(inherited.settings, own) };
}

async function fileOf(nameOrPath: string): Promise<string> {
  if (/[\\/]|\.json$/.test(nameOrPath)) return nameOrPath;
  const file = join(pipelinesFolder(), `${nameOrPath}.json`);
  if (existsSync(file)) return file;
  const names = await presetNames();
  const meant = closestName(nameOrPath, names);
  const advice = meant ? `Did you mean "${meant}"?` : 'A file of your own is given by its path, such as ./mine.json.';
  throw new PresetError(`There is no preset "${nameOrPath}". Presets are ${names.join(', ')}. ${advice}`, {
    file: nameOrPath,
    expected: names.join(', '),
    got: nameOrPath,
  });
}

function pipelinesFolder(): string {
  return join(packageFolder(), 'pipelines');
}

/** `own` over `base`, group by group. */
function merged(base: unknown, own: unknown): unknown {
  if (!isGroup(base) || !isGroup(own)) return own;
  const keys = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries([...keys].map((key) => [key, key in own ? merged(base[key], own[key]) : base[key]]));
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
