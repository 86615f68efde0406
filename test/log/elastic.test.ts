import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { EVENT_CODES, type EventCode } from '../../src/log/event-codes.ts';
import { openEventLog } from '../../src/log/event-log.ts';
import { EVENT_COUNTS, EVENT_LABELS, type RunEvent } from '../../src/log/run-event.ts';

const elastic = (name: string) => readFile(join(packageFolder(), 'docs', 'elastic', name), 'utf8');

interface Mapping {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Mapping>>;
}

/** The types of a mapping's fields, by their dotted names. */
function typesOf({ properties = {} }: Mapping, above = ''): ReadonlyMap<string, string> {
  const own = Object.entries(properties).flatMap(([name, field]): (readonly [string, string])[] => [
    ...(field.type === undefined ? [] : [[`${above}${name}`, field.type] as const]),
    ...typesOf(field, `${above}${name}.`),
  ]);
  return new Map(own);
}

/** Values of a document by their dotted names, as Elasticsearch reads it. */
function valuesOf(document: object, above = ''): (readonly [string, unknown])[] {
  return Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? valuesOf(value, `${above}${name}.`)
      : [[`${above}${name}`, Array.isArray(value) ? value[0] : value] as const],
  );
}

/** A line with every label, every count, and an error. */
async function fullLine(code: EventCode): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmend-elastic-'));
  const path = join(folder, 'run.log');
  const event: RunEvent = {
    code,
    labels: Object.fromEntries(EVENT_LABELS.map((name, k) => [name, k % 2 ? k : name])),
    counts: Object.fromEntries(EVENT_COUNTS.map((name, k) => [name, k])),
    seconds: 2,
    reason: 'why',
    error: Object.assign(new Error('failed'), { code: 'EIO' }),
  };
  using log = openEventLog(path);
  log.write(event);
  const text = await readFile(path, 'utf8');
  await rm(folder, { recursive: true });
  return JSON.parse(text);
}

/** What JSON kind a field of a type takes. */
const KINDS: Readonly<Record<string, string>> = {
  date: 'string',
  keyword: 'string',
  constant_keyword: 'string',
  match_only_text: 'string',
  wildcard: 'string',
  long: 'number',
};

describe('the index template', () => {
  it('maps every field that a line may have, each by a type that takes it', async () => {
    const types = typesOf(JSON.parse(await elastic('index-template.json')).template.mappings);
    for (const code of Object.keys(EVENT_CODES) as EventCode[]) {
      for (const [name, value] of valuesOf(await fullLine(code))) {
        expect([name, KINDS[types.get(name) ?? 'none']]).toEqual([name, typeof value]);
      }
    }
  });

  it('maps nothing else but the names of the data stream', async () => {
    const types = typesOf(JSON.parse(await elastic('index-template.json')).template.mappings);
    const told = new Set(valuesOf(await fullLine('E_RUN_FAILED')).map(([name]) => name));
    expect([...types.keys()].filter((name) => !told.has(name))).toEqual([
      'data_stream.type',
      'data_stream.dataset',
      'data_stream.namespace',
    ]);
  });

  it('takes labels for keywords and counts for whole numbers', async () => {
    const types = typesOf(JSON.parse(await elastic('index-template.json')).template.mappings);
    for (const name of EVENT_LABELS) expect([name, types.get(`labels.${name}`)]).toEqual([name, 'keyword']);
    for (const name of EVENT_COUNTS) expect([name, types.get(`reelmend.${name}`)]).toEqual([name, 'long']);
  });

  it('is a data stream’s, and goes before the one that Elasticsearch has for all logs', async () => {
    const template = JSON.parse(await elastic('index-template.json'));
    expect(template).toMatchObject({ index_patterns: ['logs-reelmend-*'], data_stream: {} });
    // Elasticsearch's own, for logs-*-*, has 100.
    expect(template.priority).toBeGreaterThan(100);
  });
});

describe('the example for Filebeat', () => {
  it('reads lines of JSON with their own times into a data stream that the template is for', async () => {
    const text = (await elastic('filebeat.yml')).replace(/^\s*#.*\n/gm, '');
    const setting = (name: string) => new RegExp(`^\\s*(?:- )?${name}: *"?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
    expect(setting('type')).toBe('filestream');
    expect(setting('id')).toBe('reelmend');
    expect(text).toMatch(/parsers:\n\s+- ndjson:\n/);
    expect([setting('target'), setting('expand_keys'), setting('overwrite_keys')]).toEqual(['', 'true', 'true']);
    const [pattern] = JSON.parse(await elastic('index-template.json')).index_patterns;
    expect(setting('setup.template.pattern')).toBe(pattern);
    expect(setting('setup.template.enabled')).toBe('false');
    expect(setting('index')).toMatch(new RegExp(`^${pattern.replace('*', '[a-z]+')}$`));
  });
});
