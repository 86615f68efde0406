import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { faceTotals } from '../../report/face-totals.ts';
import { type Report, reportSchema } from '../../report/report.ts';
import type { RestoreSummary } from '../job.ts';

/** The summary of an earlier run of the same job whose report and outputs are still there; null where there is work to do. */
export async function finishedRun(
  reportFolder: string,
  key: string,
  maxIsolated: number,
): Promise<RestoreSummary | null> {
  const text = await readFile(join(reportFolder, 'report.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  let report: Report;
  try {
    report = reportSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
  if (report.job !== key || report.outputs.length === 0) return null;
  for (const output of report.outputs) {
    const facts = await stat(output.path).catch(() => null);
    if (!facts) return null;
    if (facts.isDirectory() ? (await readdir(output.path)).length < output.frames : facts.size === 0) return null;
  }
  return summaryOf(report, reportFolder, maxIsolated, true);
}

/** What a person is told at the end of a run. */
export function summaryOf(
  report: Report,
  reportFolder: string,
  maxIsolated: number,
  alreadyDone: boolean,
): RestoreSummary {
  const { frames, takes } = report;
  const redone = alreadyDone ? 0 : takes.filter((take) => take.redone).length;
  return {
    outputs: report.outputs.map((output) => output.path),
    report: reportFolder,
    frames: frames.out,
    restored: frames.restored,
    isolated: frames.isolated.length,
    tooManyIsolated: frames.isolated.length > maxIsolated * frames.in,
    alreadyDone,
    takesRedone: redone,
    takesKept: takes.length - redone,
    faces: faceTotals(Object.values(report.faces)),
    notes: report.notes,
  };
}
