import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTargets } from '../../src/backup/open-targets.ts';
import { sharedDisks } from '../../src/backup/shared-disks.ts';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { temporaryFolder } from './drawn-reel.ts';

let scratch: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  scratch = await temporaryFolder();
  await mkdir(join(scratch.path, 'share'));
  await writeFile(join(scratch.path, 'film.mkv'), 'a film');
});
afterAll(() => scratch[Symbol.asyncDispose]());

const PATIENCE = { timeout: 0.3, signal: new AbortController().signal };
/** Threads by which Node.js asks the file system, where nobody sets another number. */
const THREADS = 4;

/** Has every question about files wait, as one about a share does whose server has gone, while `work` runs. */
async function whileNothingAnswers<T>(work: () => Promise<T>): Promise<T> {
  const pipes = Array.from({ length: THREADS }, (_, k) => join(scratch.path, `pipe-${k}`));
  execFileSync('mkfifo', pipes);
  // To open the reading end of a pipe waits for somebody who opens the other.
  const waiting = pipes.map((path) => open(path, 'r'));
  try {
    return await work();
  } finally {
    // The main thread answers each: it waits for nobody.
    for (const [k, path] of pipes.entries()) {
      const end = await writingEnd(path);
      await (await waiting[k])?.close();
      closeSync(end);
    }
    execFileSync('rm', pipes);
  }
}

/** Opened as soon as the other end is waited for. */
async function writingEnd(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await new Promise((next) => setTimeout(next, 10));
    }
  }
}

describe('a share whose server has gone', () => {
  it('is given up, and named, when targets are opened', async () => {
    const folder = join(scratch.path, 'share');
    const address = { kind: 'file', name: `file:${folder}`, folder } as const;
    const { open: there, failed } = await whileNothingAnswers(() => openTargets([address, address], PATIENCE));
    expect(there).toEqual([]);
    const why = `file:${folder} stalls: nothing came or went for 0.3 s. Check it and the network; --timeout allows for more.`;
    expect(failed).toEqual([
      { target: address.name, why },
      { target: address.name, why },
    ]);
    using again = await openTargets([address], PATIENCE);
    expect(again.failed).toEqual([]);
  });

  it('keeps nobody waiting who asks which disk it is on', async () => {
    const folder = join(scratch.path, 'share');
    const address = { kind: 'file', name: `file:${folder}`, folder } as const;
    const film = join(scratch.path, 'film.mkv');
    expect(await whileNothingAnswers(() => sharedDisks([address], [film], PATIENCE))).toEqual([]);
    expect(await sharedDisks([address], [film], PATIENCE)).toEqual([
      `file:${folder} lies on the disk of "${film}": where it fails, all of them are lost.`,
    ]);
  });
});

describe('a folder that cannot be listed', () => {
  it('is left out for the reason that there is', () => {
    const script = `
      import { openSync } from 'node:fs';
      import { findSources } from ${JSON.stringify(join(packageFolder(), 'dist/src/backup/find-sources.js'))};
      try { for (;;) openSync('/dev/null'); } catch {}
      const { leftOut } = await findSources([{ path: ${JSON.stringify(join(scratch.path, 'share'))} }]);
      process.stdout.write(JSON.stringify(leftOut) + '\\n');
    `;
    const limited = ['-c', 'ulimit -n 64 && exec "$0" --input-type=module -e "$1"', process.execPath, script];
    expect(JSON.parse(execFileSync('bash', limited).toString())).toEqual([
      {
        path: 'share',
        why: `the folder cannot be read: EMFILE: too many open files, scandir '${join(scratch.path, 'share')}'`,
      },
    ]);
  });
});
