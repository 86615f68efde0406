import { StateMark } from '../list/state-mark.tsx';
import { chosenState } from '../show-reel.ts';
import { chosen, chosenTrack } from '../state.ts';
import { decide, undoLast } from './decide-now.ts';
import { nameOfTarget } from './said.ts';

const VERDICTS = [
  { what: 'approve', state: 'approved', name: 'Approve', key: 'A' },
  { what: 'reject', state: 'rejected', name: 'Reject', key: 'X' },
  { what: 'redo', state: 'redo', name: 'Redo', key: 'R' },
] as const;

/** What is chosen, its state, and the three things that can be said of it. */
export function VerdictBar() {
  const state = chosenState();
  const cast = chosenTrack.value?.cast;
  return (
    <section class="verdict" aria-label="Verdict">
      <div class="row spread">
        <h2>
          {nameOfTarget(chosen.value)}
          {cast && <span class="quiet"> {cast}</span>}
        </h2>
        <StateMark state={state} />
      </div>
      <div class="row verdicts">
        {VERDICTS.map((one) => (
          <button
            key={one.what}
            type="button"
            class={`decision ${one.state}`}
            aria-pressed={state === one.state}
            aria-keyshortcuts={one.key}
            onClick={() => void decide({ what: one.what })}
          >
            {one.name}{' '}
            <span class="key" aria-hidden="true">
              {one.key}
            </span>
          </button>
        ))}
        <button type="button" aria-keyshortcuts="U" onClick={() => void undoLast()}>
          Undo{' '}
          <span class="key" aria-hidden="true">
            U
          </span>
        </button>
      </div>
    </section>
  );
}
