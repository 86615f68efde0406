import { batch, effect, signal } from '@preact/signals';
import type { DecisionTarget, RedoState, ReelId, ReelReview, ReviewEvent } from '../review/api.ts';
import { addressOf, type PageAddress, parseAddress } from './address.ts';
import { askDecisions, askReel, followEvents } from './ask.ts';
import { stateIn } from './decide/decided.ts';
import { endOf, nameOfTarget, saidBy } from './decide/said.ts';
import { reviewer } from './reviewer.ts';
import { chosen, decisions, drawnBox, frame, goTo, loop, movedFive, redo, review, told } from './state.ts';
import { tell, tellFault } from './tell.ts';

/** The reel that the address names, loaded or not; null = the list of reels. */
export const addressed = signal<ReelId | null>(null);

/** The address is written so often at most, ms: browsers refuse more. */
const OFTEN = 250;

let leave = () => {};

/** Shows what the address says, and keeps the address at what is shown. */
export function followAddress(): void {
  const show = () => void showAddress(parseAddress(location.hash));
  addEventListener('hashchange', show);
  show();
  let isWaiting = false;
  const write = () => {
    isWaiting = false;
    const reel = review.peek();
    if (reel === null || reel.id !== addressed.peek()) return;
    const shown = { reel: reel.id, target: chosen.peek(), frame: reel.first + frame.peek() };
    history.replaceState(null, '', addressOf(shown));
  };
  effect(() => {
    const isShown = review.value !== null && chosen.value !== null && frame.value >= 0;
    if (!isShown || isWaiting) return;
    isWaiting = true;
    setTimeout(write, OFTEN);
  });
  effect(() => {
    document.title = review.value ? `${review.value.name} – Review – Reelmend` : 'Review – Reelmend';
  });
}

async function showAddress(address: PageAddress): Promise<void> {
  const { reel: id } = address;
  if (review.value?.id === id && review.value) return showPlace(review.value, address);
  leave();
  leave = () => {};
  batch(() => {
    addressed.value = id;
    review.value = decisions.value = redo.value = loop.value = null;
  });
  if (id === null) return;
  try {
    const [reel, list] = await Promise.all([askReel(id), askDecisions(id)]);
    // Another may have been asked for since.
    if (addressed.value !== id || review.value) return;
    batch(() => {
      review.value = reel;
      decisions.value = list;
      showPlace(reel, address);
    });
    leave = followEvents(id, onEvent, () => void refreshDecisions());
  } catch (error) {
    tellFault(error);
  }
}

/** Where an address names no place, the worst face is shown. */
function showPlace(reel: ReelReview, { target, frame: number }: PageAddress): void {
  const [worst] = reel.tracks;
  const fallback: DecisionTarget = worst ? { scope: 'track', track: worst.id } : { scope: 'reel' };
  choose(target && isIn(reel, target) ? target : fallback);
  if (number !== null) goTo(number - reel.first);
}

/** Makes a target the one that decisions are about, and shows where to look first. */
export function choose(target: DecisionTarget): void {
  const reel = review.value;
  if (!reel) return;
  batch(() => {
    chosen.value = target;
    drawnBox.value = movedFive.value = loop.value = null;
    // What went wrong was about something else.
    if (told.value?.isFault) told.value = null;
    if (target.scope === 'track') goTo(reel.tracks.find(({ id }) => id === target.track)?.worstFrame ?? 0);
    if (target.scope === 'shot') goTo(reel.shots[target.shot]?.poster ?? 0);
  });
}

function isIn(reel: ReelReview, target: DecisionTarget): boolean {
  if (target.scope === 'shot') return target.shot < reel.shots.length;
  return target.scope === 'reel' || reel.tracks.some(({ id }) => id === target.track);
}

function onEvent(event: ReviewEvent): void {
  const reel = review.value;
  if (!reel) return;
  if (event.kind === 'redo') {
    onRedo(event.redo);
    return;
  }
  const { decision } = event;
  const isKnown = decisions.value?.decisions.some(({ id }) => id === decision.id) ?? false;
  if (isKnown) return;
  if (decision.who !== reviewer.value) {
    tell(`${decision.who}: ${nameOfTarget(decision.target)}, ${saidBy(decision.body, reel)}.`);
  }
  void refreshDecisions();
}

function onRedo(state: RedoState): void {
  const wasRunning = redo.value?.state === 'running';
  redo.value = state;
  const end = endOf(state);
  if (!wasRunning || end === null) return;
  if (state.state === 'failed') tellFault(end);
  else tell(end);
  if (state.state === 'done') void reloadReel();
}

/** Asks for the reel anew, whose takes were rendered again, and stays where it was. */
async function reloadReel(): Promise<void> {
  const id = addressed.value;
  if (id === null) return;
  try {
    const reel = await askReel(id);
    if (addressed.value !== id) return;
    const place = { reel: id, target: chosen.value, frame: reel.first + frame.value };
    batch(() => {
      review.value = reel;
      showPlace(reel, place);
    });
    await refreshDecisions();
  } catch (error) {
    tellFault(error);
  }
}

let asking: Promise<void> | null = null;
let isStale = false;

/** Brings the decisions up to date; asked for meanwhile, once more. */
export function refreshDecisions(): Promise<void> {
  isStale = true;
  asking ??= (async () => {
    while (isStale) {
      isStale = false;
      const id = addressed.value;
      if (id === null) break;
      const list = await askDecisions(id);
      if (addressed.value === id) decisions.value = list;
    }
  })()
    .catch(tellFault)
    .finally(() => {
      asking = null;
    });
  return asking;
}

/** The state of what is chosen. */
export function chosenState() {
  return decisions.value ? stateIn(decisions.value, chosen.value) : 'undecided';
}
