import type { CastException, CastLimits } from '../../face/cast.ts';
import type { FaceTrack } from '../../face/track.ts';
import { lengthOf, overlap } from '../../film/range.ts';
import type { Preset } from '../../settings/preset.ts';
import type { ChosenShot } from './chosen-shots.ts';

/**
 * What chosen shots say of the casting of tracks, by track id. Where a track lies in several, its limits are those of the first that
 * has some, and it may be cast as whom any of them allows.
 *
 * @param limitsOf the limits of a preset
 */
export function castExceptions(
  tracks: readonly FaceTrack[],
  chosen: readonly ChosenShot[] | null,
  limitsOf: (preset: Preset) => CastLimits,
): ReadonlyMap<string, CastException> {
  const exceptions = new Map<string, CastException>();
  for (const track of tracks) {
    const shots = (chosen ?? []).filter((shot) => lengthOf(overlap(track, shot)) > 0);
    const preset = shots.find((shot) => shot.preset)?.preset;
    const isOpen = shots.some(({ cast }) => cast === undefined);
    if (shots.length === 0 || (isOpen && !preset)) continue;
    exceptions.set(track.id, {
      ...(preset ? { limits: limitsOf(preset) } : {}),
      ...(isOpen ? {} : { only: shots.flatMap(({ cast }) => cast ?? []) }),
    });
  }
  return exceptions;
}
