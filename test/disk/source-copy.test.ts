import { copyFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/sha256.ts';
import { type SourceCopy, sourceFacts, stateOfCopy } from '../../src/disk/source-copy.ts';

let folder: string;
let copy: SourceCopy;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-copy-'));
  const [source, path] = [join(folder, 'source'), join(folder, 'copy')];
  await writeFile(source, 'a frame');
  await copyFile(source, path);
  copy = { source, path, sha256: sha256Of('a frame'), ...(await sourceFacts(source)) };
});
afterEach(() => rm(folder, { recursive: true }));

describe('A copy of a file', () => {
  it('is whole while neither was changed', async () => {
    expect(await stateOfCopy(copy)).toBe('whole');
  });

  it('is damaged where one byte is another, though size and time are the same', async () => {
    const { atime, mtime } = await stat(copy.path);
    const bytes = await readFile(copy.path);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(copy.path, bytes);
    await utimes(copy.path, atime, mtime);
    expect(await stateOfCopy(copy)).toBe('damaged');
  });

  it('is damaged where it was cut short, or is gone', async () => {
    await writeFile(copy.path, 'a fra');
    expect(await stateOfCopy(copy)).toBe('damaged');
    await rm(copy.path);
    expect(await stateOfCopy(copy)).toBe('damaged');
  });

  it('is stale where its source was written to, or is gone', async () => {
    await writeFile(copy.source, 'a frome');
    await utimes(copy.source, new Date(0), new Date(1000));
    expect(await stateOfCopy(copy)).toBe('stale');
    await rm(copy.source);
    expect(await stateOfCopy(copy)).toBe('stale');
  });
});
