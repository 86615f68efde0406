import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { codeMeaning, EVENT_CODES, type EventCode } from '../../src/log/event-codes.ts';
import { EVENT_COUNTS, EVENT_LABELS } from '../../src/log/run-event.ts';

/** Files that know codes and tell none. */
const READERS = ['event-codes.ts', 'event-counters.ts', 'log-summary.ts'];

const codes = Object.keys(EVENT_CODES) as EventCode[];
const document = () => readFile(join(packageFolder(), 'docs', 'logs.md'), 'utf8');

describe('codes of events', () => {
  it('begin with E_ where something went wrong, and only there', () => {
    for (const code of codes) expect([code, codeMeaning(code).level !== 'info']).toEqual([code, code.startsWith('E_')]);
  });

  it('are told by somebody', async () => {
    const folder = join(packageFolder(), 'src');
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
    const tellers = files.filter((name) => !READERS.some((reader) => name.endsWith(reader)));
    const texts = await Promise.all(tellers.map((name) => readFile(join(folder, name), 'utf8')));
    expect(codes.filter((code) => !texts.some((text) => text.includes(`'${code}'`)))).toEqual([]);
  });

  it('say what to do about what went wrong', () => {
    expect(codes.filter((code) => code.startsWith('E_') && codeMeaning(code).advice === undefined)).toEqual([]);
  });

  it('are listed in docs/logs.md with the same words', async () => {
    const rows = [...(await document()).matchAll(/^\| `([A-Z_]+)` \| (\w+) \| (.+) \| (.+) \|$/gm)];
    const listed = rows.map(([, code, level, meaning, advice]) => ({ code, level, meaning, advice }));
    const known = codes.map((code) => {
      const { level, meaning, advice = '–' } = codeMeaning(code);
      return { code, level, meaning, advice };
    });
    expect(listed).toEqual(known);
  });

  it('are told with labels and counts that docs/logs.md lists', async () => {
    const text = await document();
    const row = (field: string) => text.split('\n').find((line) => line.startsWith(`| \`${field}.*\` |`)) ?? '';
    const named = (field: string) => [...row(field).matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named('labels').filter((name) => name !== 'CUDA_VISIBLE_DEVICES')).toEqual([...EVENT_LABELS]);
    expect(named('reelmend')).toEqual([...EVENT_COUNTS, 'reason']);
  });
});
