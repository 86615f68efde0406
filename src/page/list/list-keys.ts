import { computed, signal } from '@preact/signals';
import type { KeyGroup } from '../keys.ts';
import { choose } from '../show-reel.ts';
import { chosen, decisions, review } from '../state.ts';
import { tell } from '../tell.ts';
import { listedShots, listRows, NO_FILTER, nextUndecided, rowBeside } from './listed.ts';

export const shotFilter = signal(NO_FILTER);

/** What the list shows. */
export const shownShots = computed(() =>
  review.value && decisions.value ? listedShots(review.value, decisions.value, shotFilter.value) : [],
);

/** Goes on to what nobody has decided yet, in the order of the list, whatever states it shows. */
export function goToUndecided(): void {
  if (!review.value || !decisions.value) return;
  const all = listedShots(review.value, decisions.value, { ...shotFilter.value, state: 'any' });
  const next = nextUndecided(listRows(all), chosen.value);
  if (next) choose(next.target);
  else tell('Nothing else is undecided here.');
}

function move(step: 1 | -1): void {
  const row = rowBeside(listRows(shownShots.value), chosen.value, step);
  if (row) choose(row.target);
}

export function listKeys(): KeyGroup {
  return {
    name: 'Shots and faces',
    actions: [
      { keys: ['ArrowDown'], does: 'Choose the next shot or face', run: () => move(1) },
      { keys: ['ArrowUp'], does: 'Choose the one before', run: () => move(-1) },
      { keys: ['n'], does: 'Go to the next undecided', run: goToUndecided },
    ],
  };
}
