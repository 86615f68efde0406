import { boxOfLandmarks } from '../../face/box.ts';
import type { RawTrack } from './raw-track.ts';

/** The tracks of a shot by their first frame, from left to right where several begin in one. */
export function inOrder(tracks: readonly RawTrack[]): RawTrack[] {
  const left = (track: RawTrack) =>
    boxOfLandmarks((track.observations[0] as RawTrack['observations'][number]).landmarks)[0];
  return [...tracks].sort((a, b) => a.in - b.in || left(a) - left(b));
}

/**
 * Ids made of the frame in which a face is first seen, so that they do not depend on the range. `f1043` is first seen in frame
 * 1043, as the reel is numbered; `f1043b`, `f1043c` and so on are further faces first seen there, from left to right. `r1043` is
 * a face in the first tracked frame, where that is not the first of its shot: the face may have entered earlier, and has another
 * id in a wider range.
 *
 * @param tracks the tracks of one shot, in order
 * @param cut the first tracked frame, where it is not the first of its shot; else null
 * @param first the number that people give frame 0
 */
export function trackIds(tracks: readonly { readonly in: number }[], cut: number | null, first: number): string[] {
  return tracks.map((track, k) => {
    const before = tracks.slice(0, k).filter((other) => other.in === track.in).length;
    return `${track.in === cut ? 'r' : 'f'}${first + track.in}${before === 0 ? '' : letters(before)}`;
  });
}

/** `b` for 1, `z` for 25, `aa` for 26. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
