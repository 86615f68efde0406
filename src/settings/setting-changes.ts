import { z } from 'zod';
import { closestName } from './closest-name.ts';
import { UsageError } from './usage-error.ts';

/** Settings that one run has otherwise than its preset, by their names in it, such as `detail.strength`. */
export type SettingChanges = Readonly<Record<string, unknown>>;

/** The setting that has a flag of its own. */
const FLAGGED = 'restorer';

/**
 * Refuses a change of what is no setting, or to a value that it cannot have.
 *
 * @param schema of all settings
 * @param flag how errors name the changes
 * @throws UsageError
 */
export function checkChanges(changes: SettingChanges, schema: z.ZodType, flag: string): void {
  const known = settingsIn(schema);
  for (const [name, value] of Object.entries(changes)) {
    const written = `${flag} ${name}=${textOf(value)}`;
    if (name === FLAGGED) {
      throw new UsageError(`${written}: the restorer is chosen by --restorer ${textOf(value)}, not by a setting.`);
    }
    const setting = known.get(name);
    if (!setting) throw new UsageError(`${written}: "${name}" is not a setting. ${adviceFor(name, [...known.keys()])}`);
    const result = setting.safeParse(value);
    if (result.success) continue;
    const expected = result.error.issues[0]?.message ?? 'another value';
    throw new UsageError(
      `${written}: "${name}" should be ${expected}, but is ${JSON.stringify(value)}. It is: ${meaningOf(setting)}`,
    );
  }
}

/** Every setting that can be changed, by its name in a preset, and what it means. */
export function settingMeanings(schema: z.ZodType): readonly { readonly name: string; readonly meaning: string }[] {
  return [...settingsIn(schema)].map(([name, setting]) => ({ name, meaning: meaningOf(setting) }));
}

/** Settings as a preset's file states them, with the changes in them. */
export function withChanges(settings: unknown, changes: SettingChanges): unknown {
  let changed = settings;
  for (const [name, value] of Object.entries(changes)) changed = withValue(changed, name.split('.'), value);
  return changed;
}

/** `room.setting=value` for each change, as the command line takes them. */
export function changeTexts(changes: SettingChanges): string[] {
  return Object.entries(changes).map(([name, value]) => `${name}=${textOf(value)}`);
}

/**
 * Reads `room.setting=value`: the value is JSON where it can be (`0.8`, `true`, `null`), else a name.
 *
 * @throws UsageError where there is no name or no value
 */
export function parseChange(text: string, flag: string): readonly [name: string, value: unknown] {
  const [name, written] = splitChange(text, flag);
  return [name, valueIn(written)];
}

/**
 * The same for several values with commas between them.
 *
 * @throws UsageError where there is no name or no value
 */
export function parseChoices(text: string, flag: string): readonly [name: string, values: readonly unknown[]] {
  const [name, written] = splitChange(text, flag);
  return [name, written.split(',').map((one) => valueIn(one.trim()))];
}

/** Name and value as they are written. */
function splitChange(text: string, flag: string): readonly [name: string, value: string] {
  const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*\S)\s*$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(
    `${flag} "${text}": a setting and its value were expected. Write it as room.setting=value, such as detail.strength=0.8.`,
  );
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as `parseChange` reads it. */
function textOf(value: unknown): string {
  const isName = typeof value === 'string' && valueIn(value) === value;
  return isName ? value : JSON.stringify(value);
}

function adviceFor(name: string, known: readonly string[]): string {
  const meant = known.find((one) => one.endsWith(`.${name}`)) ?? closestName(name, known);
  if (meant) return `Did you mean "${meant}"?`;
  const room = name.split('.')[0] ?? '';
  const beside = known.filter((one) => one.startsWith(`${room}.`));
  if (beside.length > 0) return `"${room}" has ${beside.join(', ')}.`;
  const rooms = [...new Set(known.map((one) => one.split('.')[0]))];
  return `Settings are called room.setting, and rooms are ${rooms.join(', ')}.`;
}

/** Every setting by its name; groups are not settings. */
function settingsIn(schema: z.ZodType, under = ''): Map<string, z.ZodType> {
  const found = new Map<string, z.ZodType>();
  const group = groupOf(schema);
  for (const [key, inner] of Object.entries(group?.shape ?? {})) {
    const name = under === '' ? key : `${under}.${key}`;
    if (groupOf(inner as z.ZodType)) {
      for (const [deeper, setting] of settingsIn(inner as z.ZodType, name)) found.set(deeper, setting);
    } else if (name !== FLAGGED) found.set(name, inner as z.ZodType);
  }
  return found;
}

/** What a setting's description says; a default lies around what is described. */
function meaningOf(setting: z.ZodType): string {
  const described = setting instanceof z.ZodDefault ? (setting.unwrap() as z.ZodType) : setting;
  return z.globalRegistry.get(described)?.description ?? '';
}

function groupOf(schema: z.ZodType): z.ZodObject | null {
  if (schema instanceof z.ZodPrefault) return groupOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodObject ? schema : null;
}

function withValue(settings: unknown, [key, ...deeper]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const group = typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {};
  return { ...group, [key]: withValue(group[key], deeper, value) };
}
