import { isDeepStrictEqual } from 'node:util';
import { amendReport } from '../../report/amend-report.ts';
import type { Report } from '../../report/report.ts';
import { authorisationsNow, authorisedUse } from '../evidence/authorised-use.ts';
import { besideFacts } from '../evidence/beside-facts.ts';
import { writeTrackFiles } from '../handover/track-files.ts';
import type { RestoreJob, RestoreSummary } from '../job.ts';
import { mastersOfRun } from '../master/masters-of-run.ts';
import type { RunOptions } from '../run-options.ts';
import { summaryOf } from './finished-run.ts';
import type { RunPlan } from './plan-run.ts';

/**
 * Adds to what an earlier run finished what no take depends on, since that run may not have been asked for it: tracks, masters, and
 * the record that allows it now. Its report tells of them then.
 */
export async function addToFinished(
  finished: Report,
  job: RestoreJob,
  plan: RunPlan,
  options: RunOptions,
): Promise<RestoreSummary> {
  const { analysis, place } = plan;
  await writeTrackFiles(plan);
  const added = await mastersOfRun(job, analysis, finished.outputs, options);
  const beside = besideNow(finished.beside ?? [], besideFacts(place));
  const authorisations = authorisationsNow(finished.authorisations ?? [], authorisedUse(job, plan.tracks));
  const report: Report = {
    ...finished,
    ...(beside.length > 0 ? { beside } : {}),
    ...(added ? { masters: added.masters } : {}),
    ...(authorisations.length > 0 ? { authorisations } : {}),
    notes: [...new Set([...finished.notes, ...(added?.notes ?? [])])],
  };
  if (!isDeepStrictEqual(report, finished)) await amendReport(place.report, finished, report);
  const summary = summaryOf(report, place.report, job.maxIsolated, true);
  // Those that failed in a run which was asked for them are no failure of one that is not.
  return added ? summary : { ...summary, mastersFailed: [] };
}

type Beside = NonNullable<Report['beside']>;

/** What was there, each where it is now, and what has come. */
function besideNow(before: Beside, now: Beside): Beside {
  const isThere = (list: Beside, kind: string) => list.find((one) => one.kind === kind);
  return [...before.map((one) => isThere(now, one.kind) ?? one), ...now.filter(({ kind }) => !isThere(before, kind))];
}
