import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openJournal } from '../../src/disk/journal.ts';

const schema = z.object({ take: z.number(), note: z.string() });
type Entry = z.infer<typeof schema>;

const ENTRIES: Entry[] = [
  { take: 0, note: 'first' },
  { take: 1, note: 'with “quotes”\nand a line feed' },
  { take: 2, note: 'the last, which is torn' },
];

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function write(entries: readonly Entry[]): Promise<Buffer> {
  await using journal = await openJournal(path, schema);
  for (const entry of entries) await journal.append(entry);
  return readFile(path);
}

async function read(): Promise<readonly Entry[]> {
  await using journal = await openJournal(path, schema);
  return [...journal.records];
}

describe('a journal', () => {
  it('gives back what was appended, in order, also to concurrent callers', async () => {
    const many = Array.from({ length: 40 }, (_, take) => ({ take, note: 'x'.repeat(take) }));
    {
      await using journal = await openJournal(path, schema);
      await Promise.all(many.map((entry) => journal.append(entry)));
      expect(journal.records).toEqual(many);
    }
    expect(await read()).toEqual(many);
  });

  it('is on the disk when append resolves', async () => {
    await using journal = await openJournal(path, schema);
    await journal.append({ take: 7, note: 'kept' });
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{8} \{"take":7,"note":"kept"\}\n$/);
  });

  it('drops a last record cut at any byte, and can be appended to afterwards', async () => {
    const kept = (await write(ENTRIES.slice(0, 2))).length;
    const whole = await write(ENTRIES.slice(2));
    expect(whole.length).toBeGreaterThan(kept + 20);
    for (let end = kept; end < whole.length; end++) {
      await writeFile(path, whole.subarray(0, end));
      expect(await read(), `cut at byte ${end}`).toEqual(ENTRIES.slice(0, 2));
      await write([{ take: 9, note: 'after' }]);
      expect(await read(), `appended after a cut at byte ${end}`).toEqual([
        ...ENTRIES.slice(0, 2),
        { take: 9, note: 'after' },
      ]);
    }
  });

  it('drops a tail of zeros, as a loss of power leaves it', async () => {
    const whole = await write(ENTRIES);
    for (const zeros of [1, 8, 511, 4096]) {
      await writeFile(path, Buffer.concat([whole, Buffer.alloc(zeros)]));
      expect(await read()).toEqual(ENTRIES);
      expect((await readFile(path)).length).toBe(whole.length);
    }
    await writeFile(path, Buffer.concat([whole.subarray(0, -12), Buffer.alloc(12)]));
    expect(await read()).toEqual(ENTRIES.slice(0, 2));
  });

  it('drops a last line that ends in a line feed but is not what was written', async () => {
    await write(ENTRIES);
    await appendFile(path, '00000000 {"take":3,"note":"forged"}\n');
    expect(await read()).toEqual(ENTRIES);
  });

  it('stops at damage in the middle, and leaves the file as it is', async () => {
    const whole = await write(ENTRIES);
    const damaged = Buffer.from(whole);
    const at = whole.indexOf('first');
    damaged[at] = (damaged[at] as number) ^ 1;
    await writeFile(path, damaged);
    await expect(read()).rejects.toThrow(
      `The journal "${path}" is damaged: line 1 does not match its checksum, but line 2 behind it does. Its disk may be failing. Copy the folder if you need it, then delete the journal to start this output afresh.`,
    );
    expect(await readFile(path)).toEqual(damaged);
  });

  it('refuses records of another shape by line and key', async () => {
    await write(ENTRIES);
    const other = openJournal(path, z.object({ take: z.string() }));
    await expect(other).rejects.toThrow(/written by another version of Reelmend: line 1, "take"/);
  });

  it('says where it cannot be written', async () => {
    const nowhere = join(folder, 'missing', 'journal.jsonl');
    await expect(openJournal(nowhere, schema)).rejects.toThrow(
      `"${nowhere}" cannot be written: the folder above it does not exist. Create it first.`,
    );
  });

  it('has every record that was promised before a kill -9, round after round', async () => {
    const script = fileURLToPath(new URL('../pipeline/appending.ts', import.meta.url));
    for (let round = 0, promised = 0; round < 6; round++) {
      const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (text) => {
        said += String(text);
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 7 * round));
      child.kill('SIGKILL');
      await once(child, 'close');
      promised = Math.max(promised, Number(said.trimEnd().split('\n').at(-1)) + 1);
      await using journal = await openJournal(path, z.object({ take: z.number() }));
      const takes = journal.records.map(({ take }) => take);
      expect(takes.length).toBeGreaterThanOrEqual(promised);
      expect(takes).toEqual(takes.map((_, k) => k));
    }
  });

  it('begins empty after being cut to nothing', async () => {
    await write(ENTRIES);
    await truncate(path, 0);
    expect(await read()).toEqual([]);
  });
});
