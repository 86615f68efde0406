import type { RgbPicture } from '../../face/networks.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';

/** A picture and the frame that it shows, counted from the reel's first. */
export interface ShownFrame {
  readonly frame: number;
  readonly picture: RgbPicture;
  /** How the film itself moved since the picture shown before; null where its background could not tell, or nobody asked. */
  readonly film: Similarity3 | null;
}
