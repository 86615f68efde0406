import type { RgbPicture } from '../face/networks.ts';

/** A picture and the frame that it shows, counted from the reel's first. */
export interface ShownFrame {
  readonly frame: number;
  readonly picture: RgbPicture;
}
