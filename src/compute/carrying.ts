import type { Roi } from '../film/roi.ts';
import type { Figures, Image } from './image.ts';

/** A frame that is carried to: squares of one even side. */
export interface CarriedToImages {
  /** 3 planes, and their luma. */
  readonly rgb: Image;
  readonly luma: Image;
  /** Above 0 where the frame is looked at. */
  readonly where: Image;
}

/** What a keyframe carries to a frame, in the frame's geometry. */
export interface CarriedSide {
  /** What restoring changed in the keyframe (3 planes), then its plate's luma. */
  readonly planes: Image;
  /** What `planes` are multiplied by, so that they are as bright as the frame. */
  readonly gain: number;
  /** How far the frame shows the same, 0 … 1. */
  readonly trust: Image;
  /** How near the keyframe is in time; both sides' add up to 1. */
  readonly weight: number;
}

export interface CarriedBlendOptions {
  /** Added to trust where sides are weighed, so that shares are defined where neither is trusted. */
  readonly least: number;
  /** What is coarser than this is flicker, not grain: standard deviation in pixels. */
  readonly coarsest: number;
}

/** How far a face is trusted under its matte. */
export interface CarriedTrust {
  /** The rectangle around what must be restored anew; null where nothing must. */
  readonly untrusted: Roi | null;
  /** Mean trust under the matte, 0 … 1. */
  readonly share: number;
}

/** What carries restorations from keyframes to other frames. */
export interface CarryingOperations {
  /**
   * A frame with what its sides (two at most) carry to it, mixed by weight and trust, as if everything were trusted; and how far each
   * pixel may be carried at all, 0 … 1: as far as the side that agrees better there, 0 where the frame is not looked at.
   *
   * The frame's own grain stays in full. What is coarser in its luma than grain, and not in the keyframes, is flicker and is taken
   * away as far as it is trusted.
   */
  carriedBlend(
    frame: CarriedToImages,
    sides: readonly CarriedSide[],
    options: CarriedBlendOptions,
  ): { readonly rgb: Image; readonly trust: Image };
  /** @param bounds trust from which a pixel needs no restoring of its own, and matte below which nobody sees it */
  carriedTrust(
    trust: Image,
    matte: Image,
    bounds: { readonly enough: number; readonly unseen: number },
  ): Figures<CarriedTrust>;
}
