import type { DecisionState } from '../../review/api.ts';
import { STATE_WORDS } from '../decide/said.ts';

const SIGNS: Readonly<Record<DecisionState, string>> = { undecided: '○', approved: '✓', rejected: '✕', redo: '↻' };

/** What was decided, as a sign and in words. */
export function StateMark({ state }: { readonly state: DecisionState }) {
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {STATE_WORDS[state]}
    </span>
  );
}
