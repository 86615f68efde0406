import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSource } from '../../src/backup/read-source.ts';
import { sha256Of } from '../../src/disk/sha256.ts';
import { temporaryFolder } from './drawn-reel.ts';

let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeAll(async () => {
  scratch = await temporaryFolder();
  path = join(scratch.path, 'film.mkv');
});
afterAll(() => scratch[Symbol.asyncDispose]());

const signal = new AbortController().signal;

describe('a file that is read', () => {
  it('is known by its size, time, permissions and hash', async () => {
    await writeFile(path, 'a film', { mode: 0o640 });
    utimesSync(path, 1_600_000_000.25, 1_600_000_000.25);
    expect(await readSource(path, { signal, onBytes: () => {} })).toEqual({
      size: 6,
      mtime: '2020-09-13T12:26:40.250000Z',
      mode: '0640',
      sha256: sha256Of('a film'),
    });
  });

  it('and changes once meanwhile is read once more', async () => {
    await writeFile(path, 'a film');
    let changes = 0;
    const onBytes = () => {
      if (changes++ === 0) appendFileSync(path, ' and its sound');
    };
    const facts = await readSource(path, { signal, onBytes });
    expect(facts).toMatchObject({ size: 20, sha256: sha256Of('a film and its sound') });
  });

  it('and is written over with as many bytes meanwhile is read once more', async () => {
    await writeFile(path, 'a film');
    let changes = 0;
    const onBytes = () => {
      if (changes++ === 0) writeFileSync(path, 'a filn');
    };
    expect((await readSource(path, { signal, onBytes })).sha256).toBe(sha256Of('a filn'));
    expect(changes).toBe(2);
  });

  it('and changes every time is refused', async () => {
    await writeFile(path, 'a film');
    const onBytes = () => appendFileSync(path, ' and more');
    await expect(readSource(path, { signal, onBytes })).rejects.toThrow('it changed while it was read');
  });

  it('and has gone is refused', async () => {
    const none = join(scratch.path, 'none');
    await expect(readSource(none, { signal, onBytes: () => {} })).rejects.toThrow('it has gone');
  });
});
