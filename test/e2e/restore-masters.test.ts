import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/disk/package-folder.ts';
import { findFfmpeg } from '../../src/media/ffmpeg/ffmpeg.ts';
import { probeReel } from '../../src/media/read/probe-reel.ts';
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
    expect(await readFile(at('out.report/index.html'), 'utf8')).toContain('out_ffv1.mkv');
  });

  it('is told of tracks that were added, and fails no more once it is not asked for what failed', async () => {
    await restoreReel({ ...job('dpx-10bit'), tracks: at('comp') });
    expect((await reportOf()).beside).toEqual([{ kind: 'tracks', folder: at('comp') }]);
    expect(await readFile(at('out.report/index.html'), 'utf8')).toContain(at('comp'));
    const failed = { preset: 'ffv1', why: 'the disk is full' };
    const told = JSON.stringify({ ...(await reportOf()), masters: { made: [], failed: [failed] } });
    await writeFile(at('out.report/report.json'), told);
    expect((await restoreReel(job())).mastersFailed).toEqual([]);
  });

  it.each([
    ['out/masters', 'lies where the restored reel goes'],
    ['out.work', 'lies where the restored reel goes'],
    ['reel', 'is the folder of the reel, whose frames are never written to'],
  ])('refuses to put them into %s before it begins', async (folder, why) => {
    const odd = { ...job('ffv1'), out: at('odd'), mastersFolder: at(folder.replace('out', 'odd')) };
    await expect(restoreReel(odd)).rejects.toThrow(`--masters "${odd.mastersFolder}" ${why}`);
    expect(await readdir(scratch.path)).not.toContain('odd.work');
  });
});

describe('a movie that is restored to frames of another kind', () => {
  const job = (name: string, more: Partial<RestoreRequest>): RestoreRequest => ({
    ...jobOf(at('film.mkv'), at(name), join(packageFolder(), 'samples', 'portrait.png'), { restorer: 'replace' }),
    ...more,
  });
  beforeAll(async () => {
    const { ffmpeg } = await findFfmpeg();
    const read = ['-framerate', '25', '-start_number', '1001', '-i', at('reel/scan.%04d.dpx')];
    const write = ['-frames:v', '3', '-c:v', 'ffv1', '-timecode', '01:00:00:00', at('film.mkv')];
    await promisify(execFile)(ffmpeg, ['-v', 'error', ...read, ...write]);
  });

  it("gives its masters the movie's rate, and the timecode of the first frame written, though its frames state neither", async () => {
    await restoreReel(job('tiff', { as: 'tiff', range: '2-3', masters: ['prores-4444'] }));
    const film = await probeReel(at('tiff.masters/tiff_prores-4444.mov'), { transfer: 'auto' }, await findFfmpeg());
    expect(film.rate).toEqual({ num: 25, den: 1 });
    expect(film.timecode).toBe('01:00:00:01');
  });

  it('is finished and reported where a master cannot be made of them, and says why', async () => {
    const summary = await restoreReel(job('exr', { as: 'exr', masters: ['prores-4444'] }));
    expect(summary.masters).toEqual([]);
    expect(summary.mastersFailed).toEqual([
      { preset: 'prores-4444', why: expect.stringMatching(/^Master "prores-4444" holds whole numbers only; /) },
    ]);
    const report = JSON.parse(await readFile(at('exr.report/report.json'), 'utf8'));
    expect(report.masters.failed).toEqual(summary.mastersFailed);
  });
});
