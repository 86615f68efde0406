import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/disk/durable.ts';
import { OutputError } from '../../src/disk/output-error.ts';
import { openScratch, type Scratch } from '../e2e/scratch.ts';

describe('a folder', () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await openScratch('make-folder');
  });
  afterAll(() => scratch[Symbol.asyncDispose]());

  it('is made with those above it, and stays where it is there', async () => {
    const path = join(scratch.path, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    expect(existsSync(path)).toBe(true);
  });

  it('is refused where a file is in the way', async () => {
    const file = join(scratch.path, 'file');
    await writeFile(file, '');
    await expect(makeFolder(join(file, 'below'))).rejects.toThrow(
      new OutputError(
        join(file, 'below'),
        `"${join(file, 'below')}" cannot be written: a part of the path is a file, not a folder. Choose another place.`,
      ),
    );
  });

  it('is refused on a disk that may only be read, however deep it would lie', async ({ skip }) => {
    const disk = join(scratch.path, 'read-only');
    await mkdir(disk);
    if (process.getuid?.() !== 0 || spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', disk]).status !== 0)
      skip('only root mounts disks');
    try {
      for (const path of [join(disk, 'a'), join(disk, 'a', 'b', 'c')]) {
        await expect(makeFolder(path)).rejects.toThrow(
          new OutputError(path, `"${path}" cannot be written: the disk is read-only. Choose another place.`),
        );
      }
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
