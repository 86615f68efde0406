import type { Landmarks } from '../face/landmarks.ts';
import type { Light } from '../face/observation.ts';
import type { Similarity } from '../face/similarity.ts';
import type { Image } from './image.ts';
import type { Scratch } from './scratch.ts';

/** A face aligned to `PATCH_TEMPLATE`, display-referred. */
export interface Patch {
  readonly frame: number;
  /** Side, pixels, a multiple of 64: 128 … 2048, so that a patch pixel is a plate pixel or finer. */
  readonly size: number;
  /** 3 planes of size · size, 0 … 1 (float reels may exceed 1). Whoever keeps the patch closes it. */
  readonly rgb: Image;
  /** Plate pixels to patch pixels. */
  readonly toPatch: Similarity;
  /** The smoothed landmarks, patch pixels. */
  readonly landmarks: Landmarks;
  /** The smoothed light. */
  readonly light: Light;
  /** How far what the face is given beyond its own plate is faded in, 0 … 1; absent = 1. */
  readonly fade?: number;
  /** The lines down the film that cross it. */
  readonly scratches: readonly Scratch[];
  /** Where the face itself is seen, one plane of size · size, 0 … 1: 0 = something is before it; absent: nothing is known to hide it. */
  readonly visibility?: Image | undefined;
}
