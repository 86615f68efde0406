import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { Progress } from '../../src/pipeline/job.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { ended } from '../cli/captured-io.ts';
import { filesOf } from './files-of.ts';
import { jobOf, QUIET } from './job-of.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { shortTakes } from './short-takes.ts';
import { makeTinyReel } from './tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('resume');
  process.env['REELMEND_CACHE'] = scratch.cache;
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** The one with a window, whose takes lean on each other's frames, for folders; for movies the one that is quicker. */
function restorerFor(out: string): 'replace' | 'detail' {
  return out.endsWith('.mkv') ? 'replace' : 'detail';
}

function jobFor(reel: string, preset: string, out: string): RestoreRequest {
  return jobOf(reel, at(out), PORTRAIT, { preset, restorer: restorerFor(out), mattes: at(`${out}-mattes`) });
}

/** Runs the job until `when` says stop, as Ctrl-C would; resolves when everything has let go. */
async function stopped(job: RestoreRequest, when: (progress: Progress) => boolean): Promise<void> {
  const stop = new AbortController();
  const onProgress = (progress: Progress) => {
    if (when(progress)) stop.abort();
  };
  await expect(restoreReel(job, { onProgress, signal: stop.signal })).rejects.toThrow();
  expect(stop.signal.aborted).toBe(true);
}

describe.each([
  // Two takes with a face, of 8 and 8, which together are worth two renderers where there are two processors, or of 5 and 4, and one without.
  ['a folder', '', 16, 2],
  ['a movie', '.mkv', 9, 3],
] as const)('a run that writes %s', (_, extension, talking, empty) => {
  const frames = talking + empty;
  const reel = () => at(`reel-of-${talking}`);
  let preset: string;
  beforeAll(async () => {
    preset = await shortTakes(scratch.path, 8);
    await makeTinyReel(reel(), talking, empty);
  });
  const job = (out: string) => jobFor(reel(), preset, out);
  const whole = `whole${extension}`;
  const broken = `broken${extension}`;
  const contentOf = async (out: string): Promise<unknown> =>
    extension === '' ? filesOf(at(out)) : (await filesOf(scratch.path))[out];
  /** What lies there of an output. */
  const leftOf = (out: string) =>
    ['', '.work', '.report', '-mattes'].map((end) => out + end).filter((n) => existsSync(at(n)));

  it('says at its end what it did, and leaves nothing but the output and the report', async () => {
    const summary = await restoreReel(job(whole), QUIET);
    expect(summary).toMatchObject({
      outputs: [at(whole)],
      report: at(`${whole}.report`),
      frames,
      restored: talking,
      alreadyDone: false,
      takesRedone: 3,
      takesKept: 0,
    });
    expect(existsSync(at(`${whole}.work`))).toBe(false);
    expect((await readdir(scratch.path)).filter((name) => name.includes('tmp'))).toEqual([]);
    expect(await readdir(at(`${whole}-mattes`))).toHaveLength(talking);
    expect(await readdir(at(`${whole}.report`))).toEqual(
      expect.arrayContaining(['index.html', 'report.json', 'tracks.json']),
    );
  });

  it('when it was stopped while tracking, and then amid its takes, has published nothing, and goes on to the same result', async () => {
    const fresh = { ...job(broken), cache: false };
    await stopped(fresh, ({ stage, done }) => stage === 'tracking' && done > 4);
    expect(leftOf(broken)).toEqual([]);
    await stopped(fresh, ({ stage, done }) => stage === 'rendering' && done > 0.6 * talking);
    expect(leftOf(broken)).toEqual([`${broken}.work`]);

    const summary = await restoreReel(fresh, QUIET);

    expect(summary).toMatchObject({ frames, restored: talking, takesKept: 1, takesRedone: 2 });
    expect(await contentOf(broken)).toEqual(await contentOf(whole));
    expect(await filesOf(at(`${broken}-mattes`))).toEqual(await filesOf(at(`${whole}-mattes`)));
    expect(existsSync(at(`${broken}.work`))).toBe(false);
  });

  it('when it is asked for again, says that it was done, touches nothing, and clears what a kill at its very end has left', async () => {
    const before = await stat(at(whole));
    await mkdir(join(at(`${whole}.work`), 'pictures'), { recursive: true });
    const args = [
      'restore',
      reel(),
      '--out',
      at(whole),
      '--reference',
      PORTRAIT,
      '--preset',
      preset,
      '--restorer',
      restorerFor(whole),
    ];
    const { code, stdout } = await ended([...args, '--mattes', at(`${whole}-mattes`), '--quiet']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `This was finished by an earlier run; there was nothing to do.\nOutput  ${at(whole)}\nReport  ${join(at(`${whole}.report`), 'index.html')}\n`,
    });
    const after = await stat(at(whole));
    expect([after.mtimeMs, after.ino]).toEqual([before.mtimeMs, before.ino]);
    expect((await readdir(scratch.path)).filter((name) => name.startsWith(basename(whole))).sort()).toEqual(
      [whole, `${whole}-mattes`, `${whole}.report`].sort(),
    );
  });
});
