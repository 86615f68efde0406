import { lastValueFrom, toArray } from 'rxjs';
import { type FaceDevice, wishedDevices } from '../render/rendering-device.ts';
import { RENDER_VERSION } from '../restore/render-version.ts';
import { analyse } from './analysis/analyse.ts';
import { openAnalysisResources } from './analysis/analysis-resources.ts';
import { restoreEach } from './each/restore-each.ts';
import type { RestoreJob, RestoreSummary } from './job.ts';
import { facesFolder, openFaceStore } from './kept/face-store.ts';
import { faceKeeper } from './kept/kept-faces.ts';
import { assertMasters } from './master/masters-of-run.ts';
import { assertRunAuthorised } from './render/authorised-run.ts';
import { memoryOfRun } from './render/memory-of-run.ts';
import { assertNetworks } from './render/networks-of-run.ts';
import { renderTakes } from './render/render.ts';
import { openRunDevice, type RunDevice } from './render/run-device.ts';
import { parseRestore } from './request/parse-request.ts';
import type { RestoreRequest } from './request/request.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import { addToFinished } from './work/add-to-finished.ts';
import { deliverRun } from './work/deliver-run.ts';
import { finishedOutput, openOutput } from './work/output-life.ts';
import { planRun } from './work/plan-run.ts';
import { assertTargetFits } from './work/run-target.ts';
import { stageClock } from './work/stage-clock.ts';

/**
 * Restores a reel: tracks and casts its faces, renders the takes in which a cast face appears, copies the others, and publishes
 * the output with a report. With `each`, restores every picture of a folder by itself; see `restoreEach`.
 *
 * Finished takes stay: after a crash or an interruption the same job goes on at the first missing take, and another job takes over
 * those that it would render the same.
 *
 * @throws UsageError for a request that means nothing; ReelError, StillError, PresetError for an input that cannot be used;
 * OutputError for trouble with the target; FfmpegError, ModelError, ContractError, DeviceError for what they name. Aborting
 * rejects with the signal's reason.
 */
export async function restoreReel(request: RestoreRequest, options: Partial<RunOptions> = {}): Promise<RestoreSummary> {
  return restoreJob(parseRestore(request), runOptions(options));
}

/** What a run is made by, where it is not this program as it is. */
interface RestoreProgram {
  readonly renderVersion?: number;
  readonly openDevice?: (wish: FaceDevice) => Promise<RunDevice>;
}

/**
 * The same for a request that is parsed already.
 *
 * @param program.renderVersion which pixels the program makes: takes are known by it
 * @param program.openDevice opens what faces are rendered on
 */
export async function restoreJob(
  job: RestoreJob,
  options: RunOptions,
  { renderVersion = RENDER_VERSION, openDevice = openRunDevice }: RestoreProgram = {},
): Promise<RestoreSummary> {
  await using device = await openDevice(wishedDevices(job.device).faces);
  if (job.each) return await restoreEach(job, device, options);
  const clock = stageClock(options.onProgress);
  const run = { ...options, onProgress: clock.onProgress };
  using resources = await openAnalysisResources(job, options);
  await assertMasters(job);
  const analysis = await analyse(job, resources, run, async (opened) => {
    assertRunAuthorised(job, opened);
    await assertNetworks(job, opened, resources.library);
    await assertTargetFits(job, opened.reel);
  });
  const plan = await planRun(job, analysis, resources, { ...run, device, renderVersion });
  const { place, key } = plan;
  const finished = await finishedOutput(place, key);
  if (finished) return await addToFinished(finished, job, plan, run);

  await using output = await openOutput(place, key, plan.target);
  const memory = memoryOfRun(analysis.reel, plan.tracks, plan.device);
  const keeper = faceKeeper(await openFaceStore(facesFolder(), analysis.print), plan.origin, { keeps: false });
  const rendered = await lastValueFrom(renderTakes(plan, memory, output, { ...run, device, keeper }).pipe(toArray()));
  const summary = await deliverRun(job, { plan, memory, output, rendered }, resources.library, { ...run, clock });
  await output.finish(rendered.map(({ take }) => take));
  return summary;
}
