import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHotFolder } from '../../../src/disk/hot-folder.ts';
import { packageFolder } from '../../../src/disk/package-folder.ts';
import { makeOrder } from '../../../src/farm/order/make-order.ts';
import { openOrder } from '../../../src/farm/steps/open-order.ts';
import { type Step, takeSteps, trackSteps } from '../../../src/farm/steps/step.ts';
import { openStepRunner } from '../../../src/farm/steps/step-runner.ts';
import { hotReel } from '../../../src/farm/work/hot-reel.ts';
import type { FolderReel } from '../../../src/film/reel.ts';
import { memoryOfRun } from '../../../src/pipeline/render/memory-of-run.ts';
import { renderTakes } from '../../../src/pipeline/render/render.ts';
import { parseRestore } from '../../../src/pipeline/request/parse-request.ts';
import { takesIn } from '../../../src/pipeline/work/output-life.ts';
import { openTarget } from '../../../src/pipeline/work/run-target.ts';
import { filesOf } from '../../e2e/files-of.ts';
import { jobOf, QUIET } from '../../e2e/job-of.ts';
import { restoreOnThisThread } from '../../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../../e2e/scratch.ts';
import { shortTakes } from '../../e2e/short-takes.ts';
import { writeShots } from '../../e2e/tiny-reel.ts';

let scratch: Scratch;
const at = (name: string) => join(scratch.path, name);

beforeAll(async () => {
  scratch = await openScratch('hot-reel');
  process.env['REELMEND_CACHE'] = scratch.cache;
  await writeShots(at('reel'), [['talking', 12]]);
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a take whose frames were copied into the hot folder', () => {
  it('is read from there alone, and the output is the same to the byte', async () => {
    const preset = await shortTakes(scratch.path, 8);
    const job = (out: string) =>
      jobOf(at('reel'), at(out), join(packageFolder(), 'samples', 'portrait.png'), {
        ...{ preset, restorer: 'repair', device: 'cpu' },
      });
    await restoreOnThisThread(job('whole'));
    const { order, place } = await makeOrder(parseRestore(job('hot')), QUIET);
    const view = { place, maps: [] };
    const context = { ...QUIET, mayPublish: async () => {}, passesMissing: false };
    const run = async (steps: readonly Step[]) => {
      await using runner = openStepRunner();
      const done = [];
      for (const step of steps) done.push(await runner.run({ view, id: order.id, step }, context));
      return done;
    };
    await run([...trackSteps(order), { kind: 'cast', index: 0 }]);

    const hot = await openHotFolder({ folder: at('fast'), bytes: 2 ** 30 });
    {
      await using open = await openOrder(view, order.id, QUIET);
      const plan = await open.plan(QUIET);
      const { analysis } = plan;
      await using ahead = await hotReel(analysis.reel, { in: 0, out: analysis.reel.frames }, hot);
      const { reel } = ahead;
      expect((reel as FolderReel).files.map((file) => basename(file ?? ''))).toEqual(
        (analysis.reel as FolderReel).files.map((file) => basename(file ?? '')),
      );
      await rename(at('reel'), at('away'));
      const target = await openTarget(
        open.job,
        { ...analysis, reel },
        { ...plan.place, untouched: false },
        plan.ffmpeg,
      );
      await lastValueFrom(
        renderTakes(
          { ...plan, analysis: { ...analysis, reel }, target, takes: plan.takes.slice(0, 1) },
          memoryOfRun(reel, plan.tracks, plan.device),
          { takes: takesIn(plan.place, target, context.mayPublish), assertSpace: async () => {} },
          { ...context, device: open.device },
        ),
      );
      await rename(at('away'), at('reel'));
    }
    expect(await readdir(join(at('fast'), 'holds'))).toEqual([]);
    // The machine that reads the reel itself finds the take done, under the name that it knows it by.
    const done = await run([...takeSteps(2), { kind: 'conform', index: 0 }]);
    expect(done.map(({ already }) => already)).toEqual([true, false, false]);
    expect(await filesOf(at('hot'))).toEqual(await filesOf(at('whole')));
  });
});
