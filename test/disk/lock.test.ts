import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/disk/lock.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmend-lock-'));
  path = join(folder, 'lock.json');
});
afterEach(() => rm(folder, { recursive: true }));

async function hold(change: Record<string, unknown>): Promise<void> {
  await using _ = await lockFolder(folder);
  const holder = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...holder, token: randomUUID(), ...change }));
}

describe('the lock of a work folder', () => {
  it('lets one writer in, and the next one when the first has left', async () => {
    {
      await using _ = await lockFolder(folder);
      await expect(lockFolder(folder)).rejects.toThrow(
        `This output is being written by another run (process ${process.pid}). Wait until it has ended, or choose another --out. If you are sure that it no longer runs, delete "${path}".`,
      );
    }
    await using _ = await lockFolder(folder);
    expect(await readdir(folder)).toEqual(['lock.json']);
  });

  it('leaves nothing behind', async () => {
    await (await lockFolder(folder))[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await hold({ pid: child.pid, started: '1' });
    await using _ = await lockFolder(folder);
    expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when its process number now belongs to another process',
    async () => {
      await hold({ started: '1' });
      await using _ = await lockFolder(folder);
      expect(await readdir(folder)).toEqual(['lock.json']);
    },
  );

  it.runIf(process.platform === 'linux')('is taken over after the machine was started anew', async () => {
    await hold({ boot: 'before' });
    await using _ = await lockFolder(folder);
    expect(await readdir(folder)).toEqual(['lock.json']);
  });

  it('is respected when another machine holds it', async () => {
    await hold({ host: `${hostname()}-2` });
    await expect(lockFolder(folder)).rejects.toThrow(`(process ${process.pid} on ${hostname()}-2)`);
  });

  it('is taken over where a loss of power left it empty', async () => {
    await writeFile(path, '');
    await using _ = await lockFolder(folder);
    expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
  });

  it('goes to exactly one of many processes that find its holder dead', async () => {
    await hold({ pid: 999_999_999, started: '1' });
    for (let round = 0; round < 20; round++) {
      const takers = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
      expect(takers.filter((taker) => taker.status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(folder)).toEqual(['lock.json']);
      await rm(path);
      await hold({ pid: 999_999_999, started: '1' });
    }
  });

  it('says when the folder cannot be written to', async () => {
    await expect(lockFolder(join(folder, 'missing'))).rejects.toThrow('the folder above it does not exist');
  });
});
