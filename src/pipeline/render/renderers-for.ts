import { lengthOf, overlap } from '../../film/range.ts';
import type { Take } from '../../film/shot.ts';
import { type CastTrack, tracksIn } from './cast-track.ts';
import { networksOf } from './choose-restorer.ts';

/**
 * Pixels of patches that are worth a renderer: 8 faces of 256 × 256. `repair` restores them in about the second that a thread takes to
 * start and to compile what it runs.
 */
const PIXELS_A_RENDERER = 8 * 256 ** 2;

/**
 * How many of `most` renderers the takes are worth that are still to be rendered: none where all are copied or known, fewer where a
 * few faces would cost less than starting all of them. A network costs more than any start, and is worth all.
 */
export function renderersFor(takes: readonly Take[], tracks: readonly CastTrack[], most: number): number {
  let pixels = 0;
  for (const take of takes) {
    if (!take.touched) continue;
    for (const track of tracksIn(tracks, take)) {
      const { restorer, patchSize } = track.brief;
      pixels += networksOf(restorer).length > 0 ? Infinity : lengthOf(overlap(track, take)) * patchSize ** 2;
    }
  }
  return Math.min(most, Math.ceil(pixels / PIXELS_A_RENDERER));
}
