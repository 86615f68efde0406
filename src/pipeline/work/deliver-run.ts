import { makeFolder } from '../../disk/durable.ts';
import { OutputError } from '../../disk/output-error.ts';
import type { ModelLibrary } from '../../model/library.ts';
import { deviceName } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { closeApprovals } from '../approvals/close-approvals.ts';
import { authorisedUse } from '../evidence/authorised-use.ts';
import { networksUsed } from '../evidence/networks-used.ts';
import { reportRun } from '../evidence/report-run.ts';
import { writeEditLog } from '../evidence/write-edit-log.ts';
import type { RestoreJob, RestoreSummary } from '../job.ts';
import { mastersOfRun } from '../master/masters-of-run.ts';
import { restorerOfRun } from '../render/choose-restorer.ts';
import type { MemoryPlan } from '../render/plan-memory.ts';
import type { RenderedTake } from '../render/render.ts';
import type { RunOptions } from '../run-options.ts';
import { conformTakes } from './conform-takes.ts';
import { summaryOf } from './finished-run.ts';
import type { OutputInWork } from './output-life.ts';
import type { RunPlan } from './plan-run.ts';
import { runNotes } from './run-notes.ts';
import type { StageClock } from './stage-clock.ts';

/** A run whose takes are all there. */
export interface RenderedRun {
  readonly plan: RunPlan;
  readonly memory: Pick<MemoryPlan, 'note'>;
  readonly output: OutputInWork;
  /** All of the plan's, in order. */
  readonly rendered: readonly RenderedTake[];
  /** What else a person should know, as sentences. */
  readonly notes?: readonly string[];
}

/** Joins the takes of a run, gives the output its name, makes its masters, and writes its report. What is left is the output's `finish`. */
export async function deliverRun(
  job: RestoreJob,
  { plan, memory, output, rendered, notes: more = [] }: RenderedRun,
  library: ModelLibrary,
  { clock, ...run }: RunOptions & { readonly clock: Pick<StageClock, 'seconds'> },
): Promise<RestoreSummary> {
  const { place, key, tracks, analysis } = plan;
  const broken: string[] = [];
  await closeApprovals(place.report).catch((error: unknown) => {
    if (!(error instanceof OutputError)) throw error;
    broken.push(error.message);
  });
  const outputs = await conformTakes(plan, output, rendered, run);
  const masters = await mastersOfRun(job, analysis, outputs, run);
  // Masters take long: the right to the output may be lost by now.
  await output.mayGoOn();

  run.onProgress({ stage: 'report', done: 0, total: 0, unit: 'frames' });
  const restorer = restorerOfRun(RESTORERS, analysis.preset, job, hasStills(analysis)).name;
  const notes = [...more, ...broken, ...runNotes(plan, memory), ...(masters?.notes ?? [])];
  const use = authorisedUse(job, tracks);
  const facts = {
    ...{ job, key, restorer, analysis, tracks, rendered, outputs, place, notes },
    ...(masters ? { masters: masters.masters } : {}),
    ...(use ? { authorisation: use } : {}),
    networks: await networksUsed(library, [...Object.keys(analysis.models), ...Object.keys(plan.origin.networks)]),
    recogniser: plan.recogniser.hash,
    hiding: plan.hiding,
    device: { name: deviceName(plan.device), reason: plan.deviceReason },
  };
  await makeFolder(place.report);
  await writeEditLog(place.report, { ...facts, origin: plan.origin });
  const report = await reportRun(place.report, { ...facts, seconds: clock.seconds() }, plan.ffmpeg, run.signal);
  return summaryOf(report, place.report, job.maxIsolated, false);
}

/** True where anybody's face may be restored from stills. */
function hasStills({ references, reelStills }: Pick<ReelAnalysis, 'references' | 'reelStills'>): boolean {
  return references.length > 0 || reelStills.size > 0;
}
