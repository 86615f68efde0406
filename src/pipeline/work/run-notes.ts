import { isStoredUpright, type Reel } from '../../film/reel.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import { hidingNotes } from '../render/hiding-facts.ts';
import type { MemoryPlan } from '../render/plan-memory.ts';
import type { RunPlan } from './plan-run.ts';

/** What a person should know of a run, as sentences; to be asked when its output is written. */
export function runNotes({ analysis, target, place, hiding }: RunPlan, { note }: Pick<MemoryPlan, 'note'>): string[] {
  return [
    ...analysis.notes,
    ...target.notes,
    ...castNotes(analysis, hiding !== null),
    ...(hiding ? hidingNotes(hiding, analysis.reel.first, 'report') : []),
    ...turnNotes(analysis.reel, place),
    ...(note ? [note] : []),
  ];
}

/** A compositor may load a plate as it is stored. */
function turnNotes(reel: Reel, { sides, tracks }: RunPlan['place']): string[] {
  const handsOver = tracks !== undefined || sides.some(({ kind }) => kind === 'patches');
  if (isStoredUpright(reel) || !handsOver) return [];
  return [
    'Frames are stored turned or mirrored; patches and tracks are upright, as the picture is seen. Where a compositor shows the plate as it is stored, turn it upright first.',
  ];
}

function castNotes(
  { castings, people, chosen }: Pick<ReelAnalysis, 'castings' | 'people' | 'chosen'>,
  isHiding: boolean,
): string[] {
  const where = chosen === null ? 'the reel' : 'the listed shots';
  return people
    .filter(({ name }) => !castings.some((casting) => casting.person === name))
    .map(({ name }) =>
      isHiding
        ? `"${name}" was not found in ${where}: no face was taken for theirs.`
        : `"${name}" was not found in ${where}: nothing was restored with those stills.`,
    );
}
