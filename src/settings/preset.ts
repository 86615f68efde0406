import { hashOf } from './canonical-json.ts';
import { type PresetKind, resolvePreset } from './preset-file.ts';
import { type RestorerRoom, type RoomsOf, type Settings, settingsSchema } from './preset-schema.ts';
import { changeTexts, type SettingChanges, withChanges } from './setting-changes.ts';
import { parseSettings } from './settings-file.ts';

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

/** Presets of how a reel is restored. */
export const PRESETS: PresetKind = { title: 'Preset', noun: 'preset', format: PRESET_FORMAT, folder: ['pipelines'] };

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
  const { file, name, description, settings } = await resolvePreset(PRESETS, nameOrPath);
  const whole = parseSettings('Preset', file, settingsSchema(restorers), withChanges(settings, changes));
  const called = [name, ...changeTexts(changes)].join(', ');
  return { ...(whole as Settings & RoomsOf<Restorers>), name: called, description, hash: hashOf(whole) };
}
