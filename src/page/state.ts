import { computed, signal } from '@preact/signals';
import type { DecisionList, DecisionTarget, PictureKind, RedoState, ReelReview, ReviewTrack } from '../review/api.ts';

/** The reel that is looked at; null while the list of reels is shown, and while a reel is asked for. */
export const review = signal<ReelReview | null>(null);
/** What was decided of it. */
export const decisions = signal<DecisionList | null>(null);
export const redo = signal<RedoState | null>(null);

/** The frame that is shown, from 0 at the reel's first. Set it by `goTo`. */
export const frame = signal(0);

/** The shot or track that decisions are about, and whose curves are shown. */
export const chosen = signal<DecisionTarget>({ scope: 'reel' });

export const chosenTrack = computed<ReviewTrack | null>(() => {
  const target = chosen.value;
  if (target.scope !== 'track') return null;
  return review.value?.tracks.find(({ id }) => id === target.track) ?? null;
});

/** How pictures are laid out: one of a kind alone, both sides of a movable line, or beside each other. */
export type Layout = PictureKind | 'wipe' | 'side';
export const layout = signal<Layout>('wipe');

/** Screen pixels a plate pixel; `fit` shows all of the picture. */
export type Zoom = 'fit' | 1 | 2 | 4;
export const zoom = signal<Zoom>('fit');
/** True where the picture follows the chosen track's face. */
export const follows = signal(true);
/** Of the difference. */
export const gain = signal(8);

/** What dragging in the picture does: moves it, draws a box to be noted, draws one to be held out, or moves the five points. */
export type Tool = 'move' | 'box' | 'holdout' | 'pins';
export const tool = signal<Tool>('move');
/** What was drawn and is not decided yet, plate pixels. */
export const drawnBox = signal<readonly [x: number, y: number, width: number, height: number] | null>(null);
/** Points that were moved and are not decided yet, in the order of `ReviewTrack.five`; null where none was. */
export const movedFive = signal<readonly number[] | null>(null);

/** The part that is played in a loop, half-open; null = the chosen shot or track. */
export const loop = signal<{ readonly in: number; readonly out: number } | null>(null);

/** What is told to the person, read out by screen readers, too. */
export const told = signal<{ readonly sentence: string; readonly isFault: boolean } | null>(null);

/** Shows a frame of the reel: the nearest that there is. */
export function goTo(wanted: number): void {
  const reel = review.value;
  if (reel) frame.value = Math.min(reel.out - 1, Math.max(reel.in, Math.round(wanted)));
}
