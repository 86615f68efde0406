import type { Output } from '../../media/write/target.ts';
import { deliverSide } from '../handover/side-files.ts';
import { writeTrackFiles } from '../handover/track-files.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputInWork } from './output-life.ts';
import type { RunPlan } from './plan-run.ts';
import type { FinishedTake } from './take-folders.ts';

/** Joins the finished takes of a run, delivers the files beside the reel, and gives the output its name. */
export async function conformTakes(
  plan: Pick<RunPlan, 'analysis' | 'tracks' | 'place'>,
  output: OutputInWork,
  takes: readonly FinishedTake[],
  { onProgress, signal }: RunOptions,
): Promise<Output[]> {
  onProgress({ stage: 'conforming', done: 0, total: 0, unit: 'frames' });
  const { analysis, place } = plan;
  const { reel, range } = analysis;
  const folders = takes.map(({ segment }) => segment.folder);
  for (const side of place.sides) await deliverSide(side, folders, reel, output.replaces ? range : null);
  await writeTrackFiles(plan);
  return output.publish(takes, signal);
}
