import { computed, signal } from '@preact/signals';
import { chosen, chosenTrack, follows, frame, type Layout, layout, loop, review, zoom } from '../state.ts';
import { followedCentres, ofNearestFrame } from './follow.ts';
import { layoutOn } from './kinds.ts';
import { coveredPart, type Extent, type Placement, type Point, placePicture } from './placement.ts';
import type { HalfOpen } from './read-ahead.ts';
import type { Speed } from './shuttle.ts';

/** The stage's size in device pixels, and how many of them are a CSS pixel. */
export const stage = signal<Extent & { readonly ratio: number }>({ width: 1, height: 1, ratio: 1 });
/** True where the screen has room for one picture. */
export const isSmall = signal(false);
/** The plate pixel in the middle where no face is followed; null = the picture's own middle. */
export const centre = signal<Point | null>(null);
/** Where the line between plate and output is, share of what is seen of the picture. */
export const wipeShare = signal(0.5);
/** True where the chosen face's box and five points are drawn over the picture. */
export const showsFace = signal(false);
/** How the reel is played; 0 = it stands. */
export const speed = signal<Speed>(0);
/** True where playing goes round. */
export const loops = signal(true);
/** Frames a second that are really shown while playing; null before it is known. */
export const shownRate = signal<number | null>(null);

/** Pictures that are seen at this moment, in the order of their layout. */
export interface ShownPictures {
  readonly frame: number;
  readonly layout: Layout;
  readonly pictures: readonly ImageBitmap[];
  /** True for small pictures of playback, false for exact ones. */
  readonly isPlayed: boolean;
}
export const shown = signal<ShownPictures | null>(null);
/** Why the frame that is looked at cannot be shown. */
export const pictureFault = signal<string | null>(null);

export const layoutNow = computed(() => layoutOn(isSmall.value, layout.value));

/** The panes beside each other that the stage is parted into, device pixels. */
export const panes = computed<readonly (Extent & { readonly left: number })[]>(() => {
  const { width, height } = stage.value;
  if (layoutNow.value !== 'side') return [{ left: 0, width, height }];
  const half = Math.floor(width / 2);
  return [
    { left: 0, width: half, height },
    { left: width - half, width: half, height },
  ];
});

const centres = computed(() => (chosenTrack.value ? followedCentres(chosenTrack.value.boxes) : []));

/** The plate pixel that is wanted in the middle. */
export const middle = computed<Point>(() => {
  const reel = review.value;
  const own: Point = [(reel?.width ?? 0) / 2, (reel?.height ?? 0) / 2];
  const track = chosenTrack.value;
  if (!track || !follows.value) return centre.value ?? own;
  return ofNearestFrame(track, centres.value, shown.value?.frame ?? frame.value) ?? own;
});

/** Where the picture lies in each pane. */
export const placement = computed<Placement>(() => {
  const picture = review.value ?? { width: 1, height: 1, pixelAspect: 1 };
  return placePicture(picture, panes.value[0] ?? stage.value, zoom.value, middle.value);
});

/** Where the line between plate and output is, device pixels from the stage's left. */
export const wipeLine = computed(() => {
  const part = coveredPart(placement.value, review.value ?? { width: 1, height: 1 }, stage.value);
  return Math.round(part.left + wipeShare.value * part.width);
});

/** The part that a person works on: the loop, else the chosen track or shot, else the reel. */
export const worked = computed<HalfOpen>(() => {
  const reel = review.value;
  if (!reel) return { in: 0, out: 1 };
  const target = chosen.value;
  if (loop.value) return loop.value;
  if (target.scope === 'shot') return reel.shots[target.shot] ?? reel;
  return chosenTrack.value ?? reel;
});
