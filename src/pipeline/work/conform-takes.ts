import type { Output } from '../../media/write/target.ts';
import { deliverMattes } from '../evidence/matte-files.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputInWork } from './output-life.ts';
import type { RunPlan } from './plan-run.ts';
import { type FinishedTake, mattesIn } from './take-folders.ts';

/** Joins the finished takes of a run, delivers their mattes where they are wanted, and gives the output its name. */
export async function conformTakes(
  { analysis: { reel, range }, place: { mattes } }: Pick<RunPlan, 'analysis' | 'place'>,
  output: OutputInWork,
  takes: readonly FinishedTake[],
  { onProgress, signal }: RunOptions,
): Promise<Output[]> {
  onProgress({ stage: 'conforming', done: 0, total: 0, unit: 'frames' });
  if (mattes !== undefined) {
    const folders = takes.map(({ segment }) => mattesIn(segment.folder));
    await deliverMattes(folders, mattes, reel, output.replaces ? range : null);
  }
  return output.publish(takes, signal);
}
