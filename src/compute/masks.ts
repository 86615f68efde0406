import type { Landmarks } from '../face/landmarks.ts';
import type { MatteOptions } from '../face/matte.ts';
import type { Roi } from '../film/roi.ts';
import type { Figures, Image } from './image.ts';

/** How a face's matte is drawn. */
export interface FaceMatteOptions extends MatteOptions {
  /** What the matte is multiplied by, 0 … 1; default 1. */
  readonly strength?: number;
  /** Nothing lies more than `margin` pixels outside `area` (pixels); default: the whole patch. */
  readonly within?: { readonly area: Roi; readonly margin: number };
}

/** Masks: images of one plane. Those that say where to look count above 0. */
export interface MaskOperations {
  /** The face's matte on a patch of side `size`: 1 = face, 0 from the outline outwards and along the patch's edge. See `faceMatte`. */
  faceMatte(landmarks: Landmarks, size: number, options: FaceMatteOptions): Image;
  /**
   * 1 inside any of the polygons and up to `margin` pixels outside, else 0, on a square of side `size`.
   *
   * @param polygons x, y of each corner, pixels
   */
  polygons(polygons: readonly Float32Array[], size: number, margin: number): Image;
  /** The smallest rectangle around the pixels of a square mask that are above 0; null where none is. */
  maskBounds(mask: Image): Figures<Roi | null>;
  /** The mean of one plane over the pixels whose mask is above 0; 0 where none is. */
  meanWhere(image: Image, where: Image): Figures<number>;
  /** A mask at half its side (which is even): 1 where all four of its pixels are above 0, else 0. */
  halvedWhole(mask: Image): Image;
  /**
   * 1 where a frame's own samples are good, 0 where its half-sized mask of dirt (0 or 1) says that they are not; and the share of what is
   * looked at that is dirt or a scratch (above 0), 0 … 1.
   */
  soundSamples(
    dirt: Image,
    scratched: Image | null,
    where: Image,
  ): { readonly own: Image; readonly damage: Figures<number> };
}
