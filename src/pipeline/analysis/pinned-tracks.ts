import { applyPins } from '../../carry/smooth/pins.ts';
import { fivePoints, interOcular } from '../../face/landmarks.ts';
import type { FaceTrack } from '../../face/track.ts';
import { contains } from '../../film/range.ts';
import type { Overrides } from '../../settings/overrides.ts';
import { PresetError } from '../../settings/preset-error.ts';

type PinOverride = Overrides['pins'][number];

/** Greatest distance of a pin's nose from its face where no track is named, inter-ocular distances. */
const NEAR = 1.5;

/**
 * Tracks with their landmarks moved to where a person pinned them.
 *
 * @throws PresetError for a pin that is on no face: a decision that does nothing is a mistake.
 */
export function pinnedTracks(tracks: readonly FaceTrack[], { pins }: Overrides): readonly FaceTrack[] {
  if (pins.length === 0) return tracks;
  const byTrack = new Map<string, PinOverride[]>();
  for (const pin of pins) {
    const track = trackOf(pin, tracks);
    byTrack.set(track.id, [...(byTrack.get(track.id) ?? []), pin]);
  }
  return tracks.map((track) => {
    const own = byTrack.get(track.id);
    if (!own) return track;
    const landmarks = applyPins(
      track.observations.map((observation) => observation.landmarks),
      own.map(({ frame, five }) => ({ index: frame - track.in, five })),
    );
    return {
      ...track,
      observations: track.observations.map((observation, k) => ({
        ...observation,
        landmarks: landmarks[k] ?? observation.landmarks,
      })),
    };
  });
}

function trackOf(pin: PinOverride, tracks: readonly FaceTrack[]): FaceTrack {
  const shown = tracks.filter((track) => contains(track, pin.frame));
  const track = pin.track
    ? shown.find(({ id }) => id === pin.track)
    : shown.find((candidate) => noseDistance(candidate, pin) <= NEAR);
  if (track) return track;
  const what = pin.track ? `track "${pin.track}"` : 'a face near its points';
  throw new PresetError(
    `Overrides: the pin at frame ${pin.frame} (from 0) needs ${what} there, but the tracks in view are: ${shown.map(({ id }) => id).join(', ') || 'none'}. "reelmend inspect" lists them.`,
    { file: 'overrides', key: 'pins', expected: what, got: shown.map(({ id }) => id).join(', ') || 'none' },
  );
}

function noseDistance(track: FaceTrack, { frame, five }: PinOverride): number {
  const observation = track.observations[frame - track.in];
  if (!observation) return Infinity;
  const own = fivePoints(observation.landmarks);
  const dx = (own[4] as number) - (five[4] as number);
  const dy = (own[5] as number) - (five[5] as number);
  return Math.hypot(dx, dy) / interOcular(own);
}
