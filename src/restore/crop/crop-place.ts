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

/** Where a network's square lies on patches of side `size`: its five points on those of `PATCH_TEMPLATE`, by least squares. */
export function cropPlaceOf({ side, five }: CropFrame, size: number): CropPlace {
  const toPatch = fitSimilarity(
    five.map((v) => v * side),
    PATCH_TEMPLATE.map((v) => v * size),
  );
  return { toPatch, toCrop: invert(toPatch) };
}
