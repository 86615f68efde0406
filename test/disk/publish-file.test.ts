import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputError } from '../../src/disk/output-error.ts';
import { publishFile } from '../../src/disk/publish-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-publish-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('publishing a file', () => {
  it('makes its folder, writes text and bytes, and replaces what was there', async () => {
    const path = join(folder, 'below', 'file');
    await publishFile(path, 'ä');
    await publishFile(path, Uint8Array.of(1, 2));
    expect([...(await readFile(path))]).toEqual([1, 2]);
    expect(await readdir(join(folder, 'below'))).toEqual(['file']);
  });

  it('is never seen half done, nor disturbed, where several do it at once', async () => {
    const path = join(folder, 'file');
    const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    const writing = Promise.all(contents.map((content) => publishFile(path, content)));
    await writing;
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('sweeps what the dead have left, but not what another machine may be writing', async () => {
    const [old, fresh] = ['.tmp-999999999-00000000-old', '.tmp-999999999-00000000-fresh'];
    for (const name of [old, fresh]) await writeFile(join(folder, name), '');
    const hoursAgo = Date.now() / 1000 - 2 * 3600;
    await utimes(join(folder, old), hoursAgo, hoursAgo);
    await publishFile(join(folder, 'file'), '');
    expect((await readdir(folder)).sort()).toEqual([fresh, 'file']);
  });

  it('leaves nothing behind where it cannot be done, and says why', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(publishFile(join(folder, 'file', 'below'), '')).rejects.toThrow(OutputError);
    expect(await readdir(folder)).toEqual(['file']);
  });
});
