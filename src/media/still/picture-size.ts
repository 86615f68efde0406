import type { PictureSize } from '../../film/orientation.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';

/** Longer than any scanner's, pixels. */
const LONGEST_SIDE = 1 << 17;
/** Pixels of the largest picture that is worked on, about as many as ffmpeg's largest has; a plane of floats takes 1 GiB. */
export const LARGEST_PICTURE = 2 ** 28;

/** @throws DamagedStill where a header states a size that no picture has; UnsupportedStill for one that is too large */
export function checkPictureSize({ width, height }: PictureSize): void {
  if (width === 0 || height === 0 || width > LONGEST_SIDE || height > LONGEST_SIDE) {
    throw new DamagedStill(`has a damaged header: its picture has ${width}×${height} pixels by it`);
  }
  if (width * height > LARGEST_PICTURE) {
    throw new UnsupportedStill(
      `has ${width}×${height} pixels, and ${LARGEST_PICTURE} at most are worked on; save it smaller`,
    );
  }
}
