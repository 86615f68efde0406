import type { Similarity } from '../face/similarity.ts';
import type { Region } from '../film/plate.ts';
import type { PlateColour } from '../film/plate-colour.ts';
import type { FrameRange } from '../film/range.ts';
import type { Image } from './image.ts';

/** Where a patch lies on a plate, and what the plate's code values mean. */
export interface PatchPlace {
  /** Side of the patch, pixels. */
  readonly size: number;
  /** Plate pixels to patch pixels. */
  readonly toPatch: Similarity;
  readonly colour: PlateColour;
}

/** A restored face in the patch it was lifted to. */
export interface RestoredImages {
  /** The patch as it was lifted, 3 planes. */
  readonly original: Image;
  /** The same restored; anything where the matte is 0. */
  readonly rgb: Image;
  /** 1 = restored, 0 = the plate. */
  readonly matte: Image;
}

export interface ApplyOptions {
  /** With `seed`, decides the dither: the same frame is the same whatever take, machine or order it is rendered in. */
  readonly frame: number;
  readonly seed: number;
  /** True: the face is written into the region's own memory; else into a copy. */
  readonly inPlace?: boolean;
}

export interface Applied {
  /** The region with the face in it. */
  readonly region: Region;
  /** The matte on the plate: 65535 = restored, 0 = not one bit changed. `Uint16Array` of the region's width · height. */
  readonly matte: Uint16Array;
  /** Plate rows that hold a matte above 0; null where none does. */
  readonly changed: FrameRange | null;
}

/** Between plates and patches. */
export interface PlateOperations {
  /**
   * The patch under a region (see `regionUnder`): 3 planes, display-referred 0 … 1; float reels may exceed 1. Every plane is sampled
   * bicubically at its own siting, with a kernel as wide as the coarser of both grids; beyond the region its edge is repeated.
   *
   * @param into memory of the caller's that the patch may lie in; `read` it into the same memory to see it there
   */
  lift(region: Region, place: PatchPlace, into?: Float32Array): Image;
  /**
   * Writes a restored face into the plate's own samples: only the difference to what was lifted, under the matte, dithered to the
   * plate's depth.
   *
   * The matte is quantised to 16 bits first; where that is 0 nothing is written, and where the difference is 0 the sample stays.
   * A chroma sample takes the mean over its footprint, and changes only where one of the pixels that share it has a matte above 0.
   * The region must hold the whole matte with `regionUnder`'s margin, or end at the plate's edge. Alpha is never touched; float
   * samples are neither dithered nor clipped, and those that are not finite stay.
   */
  apply(region: Region, place: PatchPlace, restored: RestoredImages, options: ApplyOptions): Promise<Applied>;
}
