import type { CastTrack } from '../../src/pipeline/render/cast-track.ts';
import type { RestorerChoice } from '../../src/restore/restorer-choice.ts';
import { trackOf } from './face-tracks.ts';

export const REPAIR = {
  name: 'repair',
  settings: { window: 4, matteSoftness: 0.1, grainRatio: 1 },
} satisfies RestorerChoice;
export const REPLACE = {
  name: 'replace',
  settings: { warp: 'mesh', colourTransfer: true, membrane: true, matteSoftness: 0.1, grainRatio: 1 },
} satisfies RestorerChoice;

/** A track from frame 0 to 48, ready to be painted. */
export function castTrack(
  restorer: RestorerChoice,
  brief: Partial<CastTrack['brief']> = {},
  track = trackOf('t1', 0, 48),
): CastTrack {
  const pose = new Float32Array([1, 2, 3]);
  const colour: CastTrack['brief']['colour'] = { tags: {}, transfer: 'log', plateHeight: 1080 };
  const whole: CastTrack['brief'] = {
    track: track.id,
    restorer,
    stills: [],
    pose,
    patchSize: 256,
    device: 'cpu',
    colour,
    seed: 7,
    ...brief,
  };
  return { id: track.id, in: track.in, out: track.out, track, person: 'anna', brief: whole, stills: [] };
}
