import type { Decision, DecisionBody, DecisionState, DecisionTarget, RedoState, ReelReview } from '../../review/api.ts';
import { counted, numbersOf, peoplesNumber } from '../frame-words.ts';

type Named = Pick<ReelReview, 'first' | 'timecode' | 'rate' | 'stills'>;

export const STATE_WORDS: Readonly<Record<DecisionState, string>> = {
  undecided: 'undecided',
  approved: 'approved',
  rejected: 'rejected',
  redo: 'to redo',
};

export function nameOfTarget(target: DecisionTarget): string {
  if (target.scope === 'shot') return `Shot ${target.shot + 1}`;
  return target.scope === 'track' ? `Face ${target.track}` : 'Whole reel';
}

/** What a decision says, without who and when: `cast as Anna`. */
export function saidBy(body: DecisionBody, reel: Named, undone: Decision | null = null): string {
  switch (body.what) {
    case 'approve':
      return 'approved';
    case 'reject':
      return 'rejected';
    case 'redo':
      return 'to redo';
    case 'note':
      return 'noted';
    case 'box':
      return `box in frame ${peoplesNumber(reel, body.frame)}`;
    case 'restorer':
      return `restorer ${body.restorer}`;
    case 'preset':
      return `preset ${body.preset}`;
    case 'setting':
      return body.value === null ? `${body.name} as restored` : `${body.name} = ${body.value}`;
    case 'cast':
      return body.as === null ? 'cast as nobody' : `cast as ${body.as}`;
    case 'still':
      return `still ${stillName(reel, body.still)} ${body.leftOut ? 'left out' : 'taken back'}`;
    case 'pin':
      return `points placed in frame ${peoplesNumber(reel, body.frame)}`;
    case 'holdout':
      return `${body.box ? 'box held out in' : 'held out:'} ${framesWords(reel, body)}`;
    case 'undo':
      return undone ? `undid no. ${undone.seq}, ${saidBy(undone.body, reel)}` : 'undid a decision';
  }
}

/** How a redo ended; null while it runs, and where there was none. */
export function endOf({ state, takes, error }: RedoState): string | null {
  if (state === 'done' && takes) return `${counted(takes.redone, 'take')} rendered, ${takes.kept} kept.`;
  if (state === 'failed') return error;
  return state === 'cancelled' ? 'The redo was cancelled. Finished takes are kept.' : null;
}

function framesWords(reel: Named, range: { readonly in: number; readonly out: number }): string {
  return `${range.out - range.in === 1 ? 'frame' : 'frames'} ${numbersOf(reel, range)}`;
}

function stillName({ stills }: Named, still: string): string {
  return stills.find(({ id }) => id === still)?.name ?? still;
}
