import type { Output } from '../../media/write/target.ts';
import { deliverSide } from '../handover/side-files.ts';
import { writeTrackFiles } from '../handover/track-files.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import type { RenderedTake } from '../render/render.ts';
import type { RunOptions } from '../run-options.ts';
import type { OutputInWork } from './output-life.ts';
import type { RunPlan } from './plan-run.ts';

/** Joins the finished takes of a run, delivers the files beside the reel, and gives the output its name. */
export async function conformTakes(
  plan: Pick<RunPlan, 'analysis' | 'tracks' | 'place'>,
  output: OutputInWork,
  takes: readonly RenderedTake[],
  { onProgress, signal }: RunOptions,
): Promise<Output[]> {
  onProgress({ stage: 'conforming', done: 0, total: 0, unit: 'frames' });
  const { analysis, tracks, place } = plan;
  const { reel, range } = analysis;
  const folders = takes.map(({ segment }) => segment.folder);
  for (const side of place.sides) await deliverSide(side, folders, reel, output.replaces ? range : null);
  await writeTrackFiles(plan);
  return output.publish(takes, restorersIn(takes, tracks), signal);
}

/** Names of the restorers that a face of the takes was restored by. */
function restorersIn(takes: readonly RenderedTake[], tracks: readonly CastTrack[]): string[] {
  const names = takes.flatMap(({ take, faces }) =>
    tracksIn(tracks, take).flatMap(({ brief }, k) =>
      (faces.faces[k]?.restored.length ?? 0) > 0 ? [brief.restorer.name] : [],
    ),
  );
  return [...new Set(names)];
}
