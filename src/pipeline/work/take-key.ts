import type { Shot, Take } from '../../film/shot.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { tracksIn, widestWindow } from '../render/cast-track.ts';
import { withHandles } from '../render/handles.ts';
import { faceFacts } from './face-facts.ts';
import { damagedFor, damagedIn, holdoutsIn, storedFacts, type TakeOrigin } from './take-origin.ts';

/** One take, and what is painted in it. */
export interface TakeToKey {
  readonly take: Take;
  readonly shot: Shot;
  /** All of the run, in the order in which they are painted. */
  readonly tracks: readonly CastTrack[];
  /** See `Target.coding`. */
  readonly coding: unknown;
}

/**
 * What the bytes of a take's segment depend on, and nothing else: two takes with the same key are the same to the bit, whichever
 * run, folder or machine they are from. SHA-256, lower-case hex.
 *
 * @param content see `takeContent`
 */
export function takeKey({ touched }: Pick<Take, 'touched'>, content: string, device: RenderingDevice): string {
  return touched ? hashOf({ content, device }) : content;
}

/** What those bytes depend on beside the device that the take is rendered on. SHA-256, lower-case hex. No path is in it. */
export function takeContent({ take, shot, tracks, coding }: TakeToKey, origin: TakeOrigin): string {
  const { reel, print, ffmpeg } = origin;
  const source = {
    print,
    frames: [take.in, take.out],
    damaged: damagedFor(reel, take),
    stored: storedFacts(reel, take),
    ffmpeg,
    coding,
  };
  if (!take.touched) return hashOf({ source });
  const own = tracksIn(tracks, take);
  const read = withHandles(take, shot, widestWindow(own));
  return hashOf({
    source,
    read: [read.in, read.out],
    damaged: damagedIn(reel, read),
    renderVersion: origin.renderVersion,
    holdouts: holdoutsIn(origin, take),
    faces: own.map((track) => faceFacts(track, read, origin)),
  });
}
