import { lengthOf, overlap } from '../../film/range.ts';
import type { Take } from '../../film/shot.ts';
import { SHEET_KINDS } from '../../report/face-sheet.ts';
import { type CastTrack, tracksIn } from './cast-track.ts';
import { networksOf } from './choose-restorer.ts';

/**
 * Pixels of patches that are worth a renderer: 8 faces of 256 × 256. `repair` restores them in about the second that a thread takes to
 * start and to compile what it runs.
 */
const PIXELS_A_RENDERER = 8 * 256 ** 2;

/** Faces of a track in a take that are rendered though they are kept, for the report's pictures. */
const DRAWN = SHEET_KINDS.length;

/**
 * How many of `most` renderers the takes are worth that are still to be rendered: none where all are copied or known, fewer where a
 * few faces would cost less than starting all of them. A network costs more than any start, and is worth all.
 *
 * @param keptIn the tracks of a take's faces that need not be rendered, one for each face
 */
export function renderersFor(
  takes: readonly Take[],
  tracks: readonly CastTrack[],
  most: number,
  keptIn: (take: Take) => Iterable<CastTrack> = () => [],
): number {
  let pixels = 0;
  for (const take of takes) {
    if (!take.touched) continue;
    const kept = new Map<CastTrack, number>();
    for (const track of keptIn(take)) kept.set(track, (kept.get(track) ?? 0) + 1);
    for (const track of tracksIn(tracks, take)) {
      const { restorer, patchSize } = track.brief;
      const faces = lengthOf(overlap(track, take));
      const rendered = Math.max(faces - (kept.get(track) ?? 0), Math.min(faces, DRAWN));
      pixels += networksOf(restorer).length > 0 ? Infinity : rendered * patchSize ** 2;
    }
    if (pixels >= most * PIXELS_A_RENDERER) break;
  }
  return Math.min(most, Math.ceil(pixels / PIXELS_A_RENDERER));
}
