import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { restoreReel } from '../../src/pipeline/restore.ts';
import { jobOf } from './job-of.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { makeTinyReel } from './tiny-reel.ts';

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);
beforeAll(async () => {
  scratch = await openScratch('restore-masters');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await makeTinyReel(at('reel'), 3, 2);
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a restore that is asked for masters', () => {
  const job = (...masters: string[]): RestoreRequest => ({
    ...jobOf(at('reel'), at('out'), join(packageFolder(), 'samples', 'portrait.png'), { restorer: 'replace' }),
    masters,
  });
  const reportOf = async () => JSON.parse(await readFile(at('out.report/report.json'), 'utf8'));

  it('refuses an unknown one before it looks at the reel', async () => {
    await expect(restoreReel(job('dpx-10'))).rejects.toThrow(
      /^There is no master preset "dpx-10"\. .* Did you mean "dpx-10bit"\?$/,
    );
  });

  it('goes on with them after it was stopped in their midst', async () => {
    const stop = new AbortController();
    const running = restoreReel(job('dpx-10bit', 'prores-4444'), {
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'verifying' && done > 0) stop.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    const summary = await restoreReel(job('dpx-10bit', 'prores-4444'));
    expect(summary.takesRedone).toBe(0);
    expect(summary.masters.map(({ path }) => path)).toEqual([
      at('out.masters/out_dpx-10bit'),
      at('out.masters/out_prores-4444.mov'),
    ]);
    const { masters } = await reportOf();
    expect(masters.failed).toEqual([]);
    expect(masters.made).toMatchObject([
      { preset: 'dpx-10bit', frames: 5, lossless: true },
      { preset: 'prores-4444', frames: 5, lossless: false },
    ]);
    expect(await readFile(at('out.report/index.html'), 'utf8')).toContain('out_prores-4444.mov');
    expect(await readdir(at('out.masters'))).toContain('ascmhl');
  });

  it('makes another one of what was finished, and keeps the rest', async () => {
    const before = (await stat(at('out.masters/out_prores-4444.mov'))).mtimeMs;
    const summary = await restoreReel(job('dpx-10bit', 'prores-4444', 'ffv1'));
    expect(summary.alreadyDone).toBe(true);
    expect((await stat(at('out.masters/out_prores-4444.mov'))).mtimeMs).toBe(before);
    expect((await reportOf()).masters.made.map((made: { preset: string }) => made.preset)).toEqual([
      'dpx-10bit',
      'prores-4444',
      'ffv1',
    ]);
  });
});
