import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { RESTORERS } from '../../src/restore/restorers.ts';
import { canonicalJson } from '../../src/settings/canonical-json.ts';
import { loadPreset, PRESETS } from '../../src/settings/preset.ts';
import { PresetError } from '../../src/settings/preset-error.ts';
import { namesOf } from '../../src/settings/preset-file.ts';
import { settingsSchema } from '../../src/settings/preset-schema.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-preset-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function mine(settings: unknown): Promise<string> {
  const file = join(folder, 'mine.json');
  await writeFile(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
  return file;
}

const load = (nameOrPath: string) => loadPreset(nameOrPath, RESTORERS);

const EXTENDING = { format: 'reelmend-preset/1', name: 'mine', extends: 'restore' };

describe('a preset', () => {
  it('comes in three kinds that differ in their threshold of recognition, and one that hides faces', async () => {
    expect(await namesOf(PRESETS)).toEqual(['anonymise', 'artistic', 'restore', 'strict']);
    const [artistic, restore, strict] = await Promise.all(['artistic', 'restore', 'strict'].map(load));
    expect(artistic?.casting.thresholdShift).toBeLessThan(restore?.casting.thresholdShift ?? 0);
    expect(strict?.casting.thresholdShift).toBeGreaterThan(restore?.casting.thresholdShift ?? 0);
    expect(new Set([artistic?.hash, restore?.hash, strict?.hash]).size).toBe(3);
    expect({ ...artistic, casting: null, name: '', description: '', hash: '' }).toEqual({
      ...restore,
      casting: null,
      name: '',
      description: '',
      hash: '',
    });
  });

  it('of one’s own states what differs, and its hash is that of its settings alone', async () => {
    const same = await load(await mine({ ...EXTENDING, description: 'the same' }));
    expect(same.hash).toBe((await load('restore')).hash);
    const other = await load(await mine({ ...EXTENDING, takes: { frames: 100 }, tracking: { sweepEvery: 12 } }));
    expect(other.takes.frames).toBe(100);
    expect(other.tracking).toEqual({ ...same.tracking, sweepEvery: 12 });
    expect(other.hash).not.toBe(same.hash);
  });

  it('has the same hash however its keys are ordered', () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 'é' }], a: null, e: undefined })).toBe(
      '{"a":null,"b":[1,{"c":"é","d":2}]}',
    );
  });

  it('documents every setting', () => {
    const undocumented: string[] = [];
    const look = (path: string, setting: z.core.$ZodType): void => {
      if (setting instanceof z.ZodPrefault || setting instanceof z.ZodDefault) look(path, setting.unwrap());
      else if (setting instanceof z.ZodObject) {
        for (const [key, inner] of Object.entries(setting.shape)) look(`${path}.${key}`, inner);
      } else if (!z.globalRegistry.get(setting)?.description) undocumented.push(path);
    };
    look('preset', settingsSchema(RESTORERS));
    expect(undocumented).toEqual([]);
  });

  it('has a default for every setting of a restorer, and those that come with Reelmend state none of them', async () => {
    for (const { name, settings } of RESTORERS) {
      expect(settings.parse({}), name).not.toEqual({});
      for (const preset of await namesOf(PRESETS)) {
        const file = JSON.parse(await readFile(join(packageFolder(), 'pipelines', `${preset}.json`), 'utf8'));
        const stated = Object.entries(file[name] ?? {});
        const defaults: Readonly<Record<string, unknown>> = settings.parse({});
        expect(
          stated.filter(([key, value]) => value === defaults[key]),
          `${preset}: ${name}`,
        ).toEqual([]);
      }
    }
  });

  it.each<[string, unknown, string]>([
    [
      'a value out of range',
      { ...EXTENDING, proxy: { longSide: 10 } },
      '"proxy.longSide" should be a whole number from 192 to 4096, but is 10. Correct it there.',
    ],
    [
      'a value of another type',
      { ...EXTENDING, replace: { membrane: 'yes' } },
      '"replace.membrane" should be true or false, but is "yes". Correct it there.',
    ],
    [
      'a restorer that does not exist',
      { ...EXTENDING, restorer: 'zoom' },
      '"restorer" should be "detail", "repair", "enhance", "replace", "swap" or "anonymise", but is "zoom". Correct it there.',
    ],
    [
      'a group that is none',
      { ...EXTENDING, takes: 240 },
      '"takes" should be an object of settings, but is 240. Correct it there.',
    ],
    [
      'a setting that does not exist',
      { ...EXTENDING, takes: { frame: 240 } },
      '"takes.frame" is not a setting. Remove it, or correct its spelling.',
    ],
    [
      'a setting that is missing',
      { format: 'reelmend-preset/1', name: 'mine' },
      '"proxy" should be an object of settings, but is missing. Correct it there.',
    ],
    ['another format', { name: 'mine' }, '"format" should be "reelmend-preset/1", but is missing. Correct it there.'],
  ])('with %s is refused in one sentence', async (_, settings, sentence) => {
    const file = await mine(settings);
    await expect(load(file)).rejects.toThrow(`Preset "${file}": ${sentence}`);
  });

  it('that is not JSON is refused with its place', async () => {
    const file = await mine('{ "format": ');
    await expect(load(file)).rejects.toThrow(`Preset "${file}" is not valid JSON: Unexpected end of JSON input.`);
  });

  it('that extends itself is refused', async () => {
    const file = join(folder, 'mine.json');
    await mine({ ...EXTENDING, extends: file });
    await expect(load(file)).rejects.toThrow(`"extends" leads back to ${file}`);
  });

  it('whose name is misspelt is suggested, with facts for a program', async () => {
    const error = await load('artsitic').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(PresetError);
    expect(error).toMatchObject({
      message:
        'There is no preset "artsitic". Presets are anonymise, artistic, restore, strict. Did you mean "artistic"?',
      expected: 'anonymise, artistic, restore, strict',
      got: 'artsitic',
    });
    await expect(load('vivid')).rejects.toThrow('A file of your own is given by its path, such as ./mine.json.');
  });

  it('in no file is refused', async () => {
    await expect(load('./none.json')).rejects.toThrow('Preset "./none.json" cannot be read: no such file.');
  });
});
