import type { ReviewShot, ReviewTrack } from '../../review/api.ts';

/** The track after (or before) this one in the order of the worst, in a circle; the worst one where none is chosen. */
export function trackBeside(
  tracks: readonly ReviewTrack[],
  chosen: ReviewTrack | null,
  direction: 1 | -1,
): ReviewTrack | null {
  const at = tracks.findIndex(({ id }) => id === chosen?.id);
  if (at < 0) return tracks[0] ?? null;
  return tracks[(at + direction + tracks.length) % tracks.length] ?? null;
}

/** The first frame of the next shot; backwards that of this shot, or where it is shown, of the shot before. */
export function shotBorder(shots: readonly Pick<ReviewShot, 'in'>[], frame: number, direction: 1 | -1): number | null {
  const borders = shots.map((shot) => shot.in);
  return (direction > 0 ? borders.find((at) => at > frame) : borders.findLast((at) => at < frame)) ?? null;
}
