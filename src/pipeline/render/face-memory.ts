import type { Reel } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import type { CastTrack } from './cast-track.ts';

/** A thread, its engine and its code. */
const THREAD = 64 * 2 ** 20;
/**
 * What restoring takes at its height, patches: for each of its window, prepared and aligned, and for a frame's own steps. Measured with
 * patches of 512 to 1536: `repair` with a window of 5 took 16 to 22, `enhance` with one of 21 took 91 to 124.
 */
const PATCHES_OF_A_NEIGHBOUR = 2.5;
const PATCHES_OF_THE_FRAME = 8;

/** Where faces lie, and the part of the plate under them. */
type Plate = Pick<Reel, 'format' | 'width' | 'height'>;

/** Bytes that the faces of one frame hold at most: their patches, and the regions that they were lifted from. */
export function faceBytes(tracks: readonly CastTrack[], plate: Plate): number {
  const whole = pictureBytes(plate.format, plate.width, plate.height);
  const pixel = whole / (plate.width * plate.height);
  // No plate pixel is larger than one of the patch, where the face is as large as in any frame.
  const bytesOf = ({ brief: { patchSize } }: CastTrack) =>
    patchBytes(patchSize) + Math.min(whole, pixel * patchSize ** 2);
  // The frame with the most is one in which some track begins.
  const sums = tracks.map(({ in: frame }) =>
    tracks.reduce((sum, track) => (track.in <= frame && frame < track.out ? sum + bytesOf(track) : sum), 0),
  );
  return sums.reduce((most, sum) => Math.max(most, sum), 0);
}

/** Bytes that a worker takes for itself while it restores the largest face. */
export function workerBytes(tracks: readonly CastTrack[], window: number): number {
  const largest = tracks.reduce((most, { brief }) => Math.max(most, brief.patchSize), 0);
  return THREAD + ((2 * window + 1) * PATCHES_OF_A_NEIGHBOUR + PATCHES_OF_THE_FRAME) * patchBytes(largest);
}

function patchBytes(size: number): number {
  return 4 * 3 * size ** 2;
}
