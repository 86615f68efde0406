import type { KeyGroup } from '../keys.ts';
import { isSmallScreen, shownPart } from '../small-screen.ts';
import { decide, undoLast } from './decide-now.ts';

/** The field for notes. */
export const NOTE_FIELD = 'note-of-decision';

export function decideKeys(): KeyGroup {
  return {
    name: 'Decisions',
    actions: [
      { keys: ['a'], does: 'Approve what is chosen', run: () => void decide({ what: 'approve' }) },
      { keys: ['x'], does: 'Reject it', run: () => void decide({ what: 'reject' }) },
      { keys: ['r'], does: 'Have it redone', run: () => void decide({ what: 'redo' }) },
      { keys: ['u'], does: 'Undo your last decision on it', run: () => void undoLast() },
      { keys: ['e'], does: 'Write a note', run: writeNote },
    ],
  };
}

function writeNote(): void {
  if (isSmallScreen.value) shownPart.value = 'decide';
  // A hidden part takes no focus until it is shown.
  requestAnimationFrame(() => document.getElementById(NOTE_FIELD)?.focus());
}
