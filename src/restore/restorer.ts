import type { Image } from '../compute/image.ts';
import type { Patch } from '../compute/patch.ts';
import type { Roi } from '../film/roi.ts';

/** This frame's patch and its neighbours' in time, all aligned by their own smoothed landmarks. */
export interface PatchWindow {
  readonly centre: Patch;
  /** Neighbours by distance: `before[0]` is the frame before; shorter at a shot's ends and beside damaged frames. */
  readonly before: readonly Patch[];
  readonly after: readonly Patch[];
}

/** A restored face, in the centre patch's size and alignment. Whoever asked for it closes it, and its images with it. */
export interface Restoration extends Disposable {
  /** 3 planes, display-referred like the patch. */
  readonly rgb: Image;
  /** One plane, 0 … 1: 1 = restored, 0 = the plate. Zero along the patch's edge. */
  readonly matte: Image;
  /**
   * True where `rgb`, which is then drawn in all of the patch, is to lie over the plate so that nothing of it is left where the matte is
   * 1; absent where it is the plate, changed.
   */
  readonly covers?: true;
  /** What was found and done, for the report. */
  readonly facts?: RestorationFacts;
  /** What lies between the plate and `rgb`, for the report's pictures. A restorer hands out what it has made anyway. */
  readonly layers?: RestorationLayers;
}

/** Steps on the way to a restored face, in the centre patch's size and alignment. */
export interface RestorationLayers {
  /** The face repaired from the film's own frames alone, before detail and grain: 3 planes. */
  readonly repaired?: Image;
  /** Share of the detail that stills or a network offer which was believed at each pixel, 0 … 1. */
  readonly gate?: Image;
}

/** A face that stays the plate's, and why: a reason of its definition's `words`. Its other fields are those that a restoration has and a refusal has not. */
export interface Refusal {
  readonly refused: string;
  readonly rgb?: never;
  readonly matte?: never;
  readonly covers?: never;
  readonly facts?: never;
  readonly layers?: never;
}

/** How far a restorer could help one face in one frame; shares are means under the matte, 0 … 1. */
export interface RestorationFacts {
  /** How far restoring was faded in: 0 where the face is too small or turned away, 1 = in full. */
  readonly strength: number;
  /** What faded it, where it was faded: a reason of its definition's `words`. */
  readonly limit?: string;
  /** Frames that were averaged, the frame itself included. */
  readonly averaged: number;
  /** Share of the face that was dirt or a scratch and was filled. */
  readonly dirt: number;
  /** Standard deviation of the plate's grain, luma 0 … 1, in equal steps of luma from 0 to 1; null where the face shows too little of one. */
  readonly grain?: readonly (number | null)[];
  /** Share of the detail that stills offered which was believed, and the plate's blur over theirs, patch pixels; absent without. */
  readonly gate?: number;
  readonly blur?: number;
  /** Share of the face whose restoration was carried from other frames, 1 = nothing was restored anew; absent where nothing ever is carried. */
  readonly carried?: number;
  /** Share of the face that something hides, by the maskers; and whether these were asked in this very frame; absent without any. */
  readonly hidden?: number;
  readonly maskersRan?: boolean;
}

/**
 * Turns aligned patches into a restored one. Everything around it (finding, smoothing, lifting, comping) is shared.
 *
 * A restorer is a pure function of its window: the same window gives the same restoration, whichever take or machine asks.
 */
export interface Restorer {
  readonly name: string;
  /** How many neighbours it wants on each side, frames; 0 = it looks at the frame alone. */
  readonly window: number;
  /** `area`: the only pixels of the patch that are asked for; a restorer may leave the others as they are. */
  restore(window: PatchWindow, area?: Roi): Promise<Restoration | Refusal>;
  /**
   * `restore` without its expensive last step: what a restoration can be carried to. Absent where no step is worth sparing.
   */
  repair?(window: PatchWindow, area?: Roi): Promise<Restoration | Refusal>;
  /** Gives back what it remembers of frames before frame `before`; absent where it remembers nothing of them. */
  forget?(before: number): void;
  /** Gives back what it remembers of patches; absent where it remembers nothing. */
  [Symbol.dispose]?(): void;
}
