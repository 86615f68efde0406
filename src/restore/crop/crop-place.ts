import type { FivePoints } from '../../face/landmarks.ts';
import { PATCH_TEMPLATE } from '../../face/patch.ts';
import { fitSimilarity, invert, type Similarity } from '../../face/similarity.ts';

/** The square of a face that a network takes. */
export interface CropFrame {
  /** Its side, pixels. */
  readonly side: number;
  /** Where the face's five points lie in it, shares of its side. */
  readonly five: FivePoints;
}

/** Where a network's square lies on patches of one size. */
export interface CropPlace {
  /** Crop pixels to patch pixels, and back. */
  readonly toPatch: Similarity;
  readonly toCrop: Similarity;
}

/**
 * Where a network's square lies on patches of side `size`: the five points of `PATCH_TEMPLATE` on its own, by least squares in the square, as those who
 * trained it laid faces (the other way about, what both shapes differ by would shrink it).
 */
export function cropPlaceOf({ side, five }: CropFrame, size: number): CropPlace {
  const toCrop = fitSimilarity(
    PATCH_TEMPLATE.map((v) => v * size),
    five.map((v) => v * side),
  );
  return { toPatch: invert(toCrop), toCrop };
}
