import { join } from 'node:path';
import { packageFolder } from '../../src/disk/package-folder.ts';
import type { RestoreRequest } from '../../src/pipeline/request/request.ts';
import { jobOf } from '../e2e/job-of.ts';
import { restoreOnThisThread } from '../e2e/on-this-thread.ts';
import { openScratch, type Scratch } from '../e2e/scratch.ts';
import { shortTakes } from '../e2e/short-takes.ts';
import { writeShots } from '../e2e/tiny-reel.ts';

const PORTRAIT = join(packageFolder(), 'samples', 'portrait.png');

export interface ReviewedScratch extends Scratch {
  readonly job: (out: string, more?: Partial<RestoreRequest>) => RestoreRequest;
}

/**
 * A restored reel of six shots and takes, in every other one the actor, with its work kept. `replace` needs no neighbours,
 * and is quick.
 *
 * @param out the output's name
 */
export async function restoredScratch(name: string, out = 'restored'): Promise<ReviewedScratch> {
  const scratch = await openScratch(name);
  process.env['REELMEND_CACHE'] = scratch.cache;
  const preset = await shortTakes(scratch.path, 8);
  const reel = join(scratch.path, 'reel');
  await writeShots(reel, [
    ['talking', 4],
    ['empty', 3],
    ['talking', 4],
    ['empty', 3],
    ['talking', 4],
    ['empty', 3],
  ]);
  const job = (out: string, more: Partial<RestoreRequest> = {}) =>
    jobOf(reel, join(scratch.path, out), PORTRAIT, { preset, restorer: 'replace', ...more });
  await restoreOnThisThread(job(out, { keepWork: true, mattes: join(scratch.path, 'mattes') }));
  return { ...scratch, job };
}
