import { createHash } from 'node:crypto';
import { type FaceTrack, fadeOf } from '../../face/track.ts';
import { type FrameRange, overlap } from '../../film/range.ts';
import type { TrackToRender } from '../../render/face-rendering.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { networksOf } from '../render/choose-restorer.ts';
import type { TakeOrigin } from './take-origin.ts';

/** What a track's restored faces depend on, beside the plates: `read` are the frames that are read to restore them. Any JSON. */
export function faceFacts({ track, brief }: CastTrack, read: FrameRange, origin: TakeOrigin): unknown {
  const { stills, patchSize, colour, seed } = brief;
  return {
    restorer: restorerFacts(brief, origin),
    stills,
    pose: poseFacts(brief),
    patchSize,
    colour,
    seed,
    placed: floatsOf(track, overlap(track, read)),
  };
}

/** Networks by what is in them: their ids may be paths. What they answer may depend on what they run on. */
function restorerFacts({ restorer, device }: TrackToRender, { networks }: TakeOrigin): unknown {
  const { name, settings, masking } = restorer;
  const used = new Set(networksOf(restorer));
  if (used.size === 0) return { name, settings };
  const resolved = Object.entries(settings).map(([key, value]) => [
    key,
    typeof value === 'string' && used.has(value) ? networks[value] : value,
  ]);
  const masked = masking && { ...masking, models: masking.models.map((id) => networks[id]) };
  return { name, settings: Object.fromEntries(resolved), ...(masked ? { masking: masked } : {}), device };
}

/** Only restorers that declare it use the track's typical pose. */
function poseFacts({ restorer, pose }: TrackToRender): string | null {
  return restorerNamed(RESTORERS, restorer.name).needs.pose ? hashOfFloats([pose]) : null;
}

/** Landmarks, light and fade of each frame: what a face's placement is computed from. */
function floatsOf(track: FaceTrack, range: FrameRange): string {
  const { in: from, observations } = track;
  const floats: (Float32Array | Float64Array)[] = [Float64Array.of(range.in, range.out)];
  for (const { frame, landmarks, light } of observations.slice(range.in - from, range.out - from)) {
    const { exposure, colour, blur, grain, band } = light;
    floats.push(landmarks, Float64Array.of(exposure, ...colour, blur, grain, fadeOf(track, frame)), band);
  }
  return hashOfFloats(floats);
}

function hashOfFloats(parts: readonly (Float32Array | Float64Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
