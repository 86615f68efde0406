import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { faceTotals } from '../../report/face-totals.ts';
import { type Report, reportSchema } from '../../report/report.ts';
import type { RestoreSummary } from '../job.ts';

/** The report of an earlier run whose output has this path; null where there is none that can be read. */
export async function reportOf(reportFolder: string, out: string): Promise<Report | null> {
  const text = await readFile(join(reportFolder, 'report.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const report = reportSchema.parse(JSON.parse(text));
    return report.outputs.some(({ path }) => path === out) ? report : null;
  } catch {
    return null;
  }
}

/** True where every output of a report is still there, as far as can be told without reading it. */
export async function hasOutputs({ outputs }: Report): Promise<boolean> {
  for (const output of outputs) {
    const facts = await stat(output.path).catch(() => null);
    if (!facts) return false;
    if (facts.isDirectory() ? (await readdir(output.path)).length < output.frames : facts.size === 0) return false;
  }
  return true;
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
    unit: 'frames',
    outputs: report.outputs.map((output) => output.path),
    report: reportFolder,
    frames: frames.in,
    restored: frames.restored,
    isolated: frames.isolated.length,
    missing: frames.in - frames.out,
    tooManyIsolated: frames.isolated.length > maxIsolated * frames.in,
    alreadyDone,
    masters: (report.masters?.made ?? []).map(({ preset, path }) => ({ preset, path })),
    mastersFailed: report.masters?.failed ?? [],
    takesRedone: redone,
    takesKept: takes.length - redone,
    device: report.device,
    faces: faceTotals(Object.values(report.faces)),
    notes: report.notes,
  };
}
