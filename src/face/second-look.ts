import type { Crop } from './crop.ts';
import type { Landmarks } from './landmarks.ts';
import type { Landmarker, RgbPicture } from './networks.ts';

/** Presence, 0 … 1, below which a landmarker is unsure of what it sees (MediaPipe's own floor). */
const SURE = 0.5;

/** A landmarker's surer answer. */
export interface Placed {
  readonly landmarks: Landmarks;
  readonly presence: number;
  /** True where it is the answer to the crop's mirror image. */
  readonly isMirrored: boolean;
  /** How many looks there were. */
  readonly looks: 1 | 2;
}

/**
 * Places landmarks, with a second look where the first one is unsure: the crop's mirror image, the surer answer kept. The network sees
 * profiles of one side much better than of the other.
 *
 * @param isMirrored the look that comes first: the one that was surer of the same face before
 */
export async function placeSurely(
  landmarker: Landmarker,
  picture: RgbPicture,
  crop: Crop,
  isMirrored = false,
): Promise<Placed> {
  const first = await landmarker.landmarks(picture, crop, isMirrored);
  if (first.presence >= SURE) return { ...first, isMirrored, looks: 1 };
  const second = await landmarker.landmarks(picture, crop, !isMirrored);
  return second.presence > first.presence
    ? { ...second, isMirrored: !isMirrored, looks: 2 }
    : { ...first, isMirrored, looks: 2 };
}
