import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { MemoryPlan } from '../render/plan-memory.ts';
import type { RunPlan } from './plan-run.ts';

/** What a person should know of a run, as sentences; to be asked when its output is written. */
export function runNotes({ analysis, target }: RunPlan, { note }: MemoryPlan): string[] {
  return [...analysis.notes, ...target.notes, ...castNotes(analysis), ...(note ? [note] : [])];
}

function castNotes({ castings, people }: Pick<ReelAnalysis, 'castings' | 'people'>): string[] {
  return people
    .filter(({ name }) => !castings.some((casting) => casting.person === name))
    .map(({ name }) => `"${name}" was not found in the reel: nothing was restored with those stills.`);
}
