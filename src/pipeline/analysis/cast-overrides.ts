import { boxOfLandmarks } from '../../face/box.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { Overrides } from '../../settings/overrides.ts';
import { PresetError } from '../../settings/preset-error.ts';

/**
 * Whom a person decided that tracks play, by the tracks' ids.
 *
 * @throws PresetError for a face that was not found: a decision that does nothing is a mistake.
 */
export function castOverrides(overrides: Overrides, tracks: readonly FaceTrack[]): ReadonlyMap<string, string | null> {
  const decided = new Map<string, string | null>();
  for (const { face, as } of overrides.cast) {
    const track =
      'track' in face
        ? tracks.find(({ id }) => id === face.track)
        : tracks.find((candidate) => covers(candidate, face.frame, face.point));
    if (!track) {
      const ids = tracks.map(({ id }) => id).join(', ') || 'none';
      const what =
        'track' in face
          ? `track "${face.track}"`
          : `a face at ${face.point.join(', ')} of frame ${face.frame} (from 0)`;
      throw new PresetError(
        `Overrides: a decision is about ${what}, which the frames that are looked at do not have. Their tracks are: ${ids}. "reelmend inspect" lists them; "frame" and "point" name a face in whatever range.`,
        { file: 'overrides', key: 'cast', expected: ids, got: what },
      );
    }
    decided.set(track.id, as);
  }
  return decided;
}

function covers(track: FaceTrack, frame: number, [px, py]: readonly [number, number]): boolean {
  const observation = track.observations[frame - track.in];
  if (!observation) return false;
  const [x, y, width, height] = boxOfLandmarks(observation.landmarks);
  return px >= x && px < x + width && py >= y && py < y + height;
}
