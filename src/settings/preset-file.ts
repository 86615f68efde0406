import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageFolder } from '../disk/package-folder.ts';
import { closestName } from './closest-name.ts';
import { PresetError } from './preset-error.ts';
import { parseSettings, readSettings } from './settings-file.ts';

/** One kind of presets: what people call it, the format that its files state, and the folder of those that come with Reelmend. */
export interface PresetKind {
  /** `Preset`. */
  readonly title: string;
  /** `preset`, in a sentence. */
  readonly noun: string;
  readonly format: string;
  /** Below the package's folder. */
  readonly folder: readonly string[];
}

/** A preset's settings as its file states them, over those of the presets that it extends. */
export interface ResolvedPreset {
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly settings: unknown;
}

/**
 * Reads a preset by its name, or from a file of JSON (a name that has a separator or ends in `.json`).
 *
 * @throws PresetError that names the file, the setting, what was expected and what was found.
 */
export async function resolvePreset(
  kind: PresetKind,
  nameOrPath: string,
  heirs: readonly string[] = [],
): Promise<ResolvedPreset> {
  const file = await fileOf(kind, nameOrPath);
  const {
    format: _,
    extends: base,
    name,
    description,
    ...own
  } = parseSettings(kind.title, file, fileSchema(kind), await readSettings(kind.title, file));
  if (base === undefined) return { file, name, description, settings: own };
  const line = [...heirs, file];
  if (line.includes(await fileOf(kind, base))) {
    throw new PresetError(
      `${kind.title} "${file}": "extends" leads back to ${base}. Let one of them state its settings itself.`,
      { file, key: 'extends', expected: `a ${kind.noun} that does not extend this one`, got: base },
    );
  }
  const inherited = await resolvePreset(kind, base, line);
  return { file, name, description, settings: merged(inherited.settings, own) };
}

/** The presets of a kind that come with Reelmend, by name. */
export async function namesOf(kind: PresetKind): Promise<string[]> {
  const files = await readdir(folderOf(kind));
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

function fileSchema({ format, noun }: PresetKind) {
  return z.looseObject({
    format: z.literal(format, { error: `"${format}"` }),
    name: z.string({ error: 'a name' }),
    description: z.string({ error: 'a sentence' }).default(''),
    /** The preset that gives the settings which this file does not state. */
    extends: z.exactOptional(z.string({ error: `the name of a ${noun}` })),
  });
}

async function fileOf(kind: PresetKind, nameOrPath: string): Promise<string> {
  if (/[\\/]|\.json$/.test(nameOrPath)) return nameOrPath;
  const file = join(folderOf(kind), `${nameOrPath}.json`);
  if (existsSync(file)) return file;
  const names = await namesOf(kind);
  const meant = closestName(nameOrPath, names);
  const advice = meant ? `Did you mean "${meant}"?` : 'A file of your own is given by its path, such as ./mine.json.';
  throw new PresetError(`There is no ${kind.noun} "${nameOrPath}". ${kind.title}s are ${names.join(', ')}. ${advice}`, {
    file: nameOrPath,
    expected: names.join(', '),
    got: nameOrPath,
  });
}

function folderOf({ folder }: PresetKind): string {
  return join(packageFolder(), ...folder);
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
