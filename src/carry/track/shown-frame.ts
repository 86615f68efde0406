import type { RgbPicture } from '../../face/networks.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';

/** A picture and the frame that it shows, counted from the reel's first. */
export interface ShownFrame {
  readonly frame: number;
  readonly picture: RgbPicture;
  /** Motion of the film since the previous picture; null where it could not be measured, or was not needed. */
  readonly film: Similarity3 | null;
}
