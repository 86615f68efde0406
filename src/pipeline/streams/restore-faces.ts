import { lastValueFrom, type OperatorFunction, tap } from 'rxjs';
import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { wishedDevices } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { loadPreset } from '../../settings/preset.ts';
import { settledPreset } from '../../settings/settled-preset.ts';
import { streamOf } from '../../stream/stream-of.ts';
import { untilAborted } from '../../stream/until-aborted.ts';
import { type AnalysisResources, openAnalysisResources } from '../analysis/analysis-resources.ts';
import { type CastingInput, castTracked, knownReel } from '../analysis/cast-tracked.ts';
import { openNetworks } from '../analysis/open-networks.ts';
import { readPeople } from '../analysis/read-people.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { withoutGaps } from '../analysis/track-frames.ts';
import { trackedReelOf } from '../analysis/tracked-reel.ts';
import type { RenderJob } from '../job.ts';
import { assertRunAuthorised } from '../render/authorised-run.ts';
import { memoryOfRun } from '../render/memory-of-run.ts';
import { assertNetworks } from '../render/networks-of-run.ts';
import type { MemoryPlan } from '../render/plan-memory.ts';
import { type RenderedTake, renderTakes } from '../render/render.ts';
import { openRunDevice } from '../render/run-device.ts';
import { parseRestoreFaces } from '../request/parse-request.ts';
import type { RestoreFacesRequest } from '../request/request.ts';
import { type RunOptions, runOptions } from '../run-options.ts';
import { openOutput } from '../work/output-life.ts';
import { planRun, type RunPlan } from '../work/plan-run.ts';
import { assertTargetFits } from '../work/run-target.ts';
import { gatherShots } from './gather-shots.ts';
import type { ReelShot } from './track-faces.ts';

/**
 * A take that lies whole in its folder: `take` says which frames, `segment` where they are, `record` and `faces` what was restored,
 * `redone` whether it was now.
 */
export interface RestoredTake extends RenderedTake {
  readonly reel: Reel;
  /** The same for all takes of a reel; its `analysis` has the tracks and who is cast. */
  readonly run: RestoreRun;
}

/** What `writeReel` joins takes by. */
export interface RestoreRun {
  readonly plan: RunPlan;
  readonly memory: MemoryPlan;
}

/**
 * Restores the faces of tracked shots and emits each take when it is finished, one after another, in the order of the frames. Takes
 * are written to `<out>.work`, coded as `out` will be; `writeReel` joins them. They are those that `restoreReel` makes of the same
 * reel and settings, byte for byte, and each finds the other's.
 *
 * All shots are gathered before the first take: casting looks at the tracks of the whole reel, since who is sure in one shot
 * is recognised more easily in another. Tracks are kept in memory, frames are not. Shots that were left out of the stream are handed
 * through with the shot before; frames before the first and behind the last one are no part of the output.
 *
 * Unsubscribing, or aborting the signal, stops the take that is being rendered, ends its workers and decoders, and removes what was
 * not finished. Finished takes stay in the work folder, and the same stream goes on with them. An aborted stream errors when everything is
 * let go; one that was unsubscribed from tells nobody, and holds the work folder for a moment longer.
 *
 * What differs from `restoreReel`: there is no report, no cache of tracks, and no limit of damaged frames. An output that exists is
 * refused even where it would be the same, unless `redo` is set.
 *
 * @throws UsageError for a request that means nothing. The stream errors as `restoreReel` does.
 */
export function restoreFaces(
  request: RestoreFacesRequest,
  options: Partial<RunOptions> = {},
): OperatorFunction<ReelShot, RestoredTake> {
  const job = parseRestoreFaces(request);
  const { signal: stop, ...told } = runOptions(options);
  return (shots) =>
    streamOf(async (emit, signal) => {
      const run = { ...told, signal };
      await using device = await openRunDevice(wishedDevices(job.device).faces);
      using resources = await openAnalysisResources(job, run);
      const input = await castingInput(job, resources, run);
      const gathered = shots.pipe(
        gatherShots(({ reel }) => assertTargetFits(job, reel)),
        untilAborted(signal),
      );
      const all = await lastValueFrom(gathered, { defaultValue: [] });
      if (all.length === 0) return;

      const analysis = await castShots(job, input, all, signal);
      const plan = await planRun(job, analysis, resources, { ...run, device });
      await using output = await openOutput(plan.place, plan.key, plan.target);
      const { reel } = analysis;
      const memory = memoryOfRun(reel, plan.tracks, plan.device);
      const takes = renderTakes(plan, memory, output, { ...run, device }).pipe(
        tap((take) => emit({ ...take, reel, run: { plan, memory } })),
      );
      await lastValueFrom(takes, { defaultValue: undefined });
    }, stop);
}

/** What casting needs beside tracks. It is read before the tracks are waited for. */
async function castingInput(
  job: RenderJob,
  { library, pictures }: AnalysisResources,
  options: RunOptions,
): Promise<CastingInput & { readonly notes: readonly string[] }> {
  const preset = await loadPreset(job.preset, RESTORERS, job.settings);
  assertRunAuthorised(job, { preset, chosen: null });
  await assertNetworks(job, { preset, chosen: null }, library);
  await using networks = await openNetworks(job, preset, library, options);
  const people = await readPeople(job, settledPreset(preset, networks.facts), networks, pictures);
  return { preset, networks: networks.facts, people, notes: people.notes };
}

/** The analysis of the frames from the first shot to the last. */
async function castShots(
  job: RenderJob,
  input: CastingInput & { readonly notes: readonly string[] },
  shots: readonly ReelShot[],
  signal: AbortSignal,
): Promise<ReelAnalysis> {
  const [first, last] = [shots[0], shots.at(-1)];
  if (!first || !last) throw new Error('Unreachable: shots were gathered.');
  const { reel } = last;
  assertRunAuthorised(job, { preset: input.preset, chosen: null, reel });
  const range = { in: first.in, out: last.out };
  const damagedIn = (part: FrameRange) => new Map([...reel.damaged].filter(([frame]) => contains(part, frame)));
  const whole = withoutGaps(shots, range).map((shot) => ({ ...shot, damaged: damagedIn(shot) }));
  return castTracked(job, input, {
    ...(await knownReel(job, reel, signal)),
    reel,
    range,
    chosen: null,
    tracked: trackedReelOf(whole, null),
    notes: [...(reel.notes ?? []), ...input.notes],
  });
}
