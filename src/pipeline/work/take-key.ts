import { createHash } from 'node:crypto';
import type { FaceTrack } from '../../face/track.ts';
import { contains, type FrameRange, overlap } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { TrackToRender } from '../../render/face-rendering.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { Overrides } from '../../settings/overrides.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { tracksIn, widestWindow } from '../render/cast-track.ts';
import { networksOf } from '../render/choose-restorer.ts';
import { withHandles } from '../render/handles.ts';
import { holdoutsAt } from '../render/holdouts.ts';

/** What all takes of a run depend on. */
export interface TakeOrigin {
  /** See `reelPrint`. */
  readonly print: string;
  readonly reel: Reel;
  readonly overrides: Overrides;
  /** `RENDER_VERSION` of the program that renders. */
  readonly renderVersion: number;
  /** ffmpeg's version: it decodes, and encodes movies. */
  readonly ffmpeg: string;
  /** Hashes of the restorers' networks, by id. */
  readonly networks: Readonly<Record<string, string>>;
}

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
    stored: [reel.pixelFormat, reel.format.name, ...(reel.stored ? [turnsIn(reel, take)] : []), ...layerOf(reel)],
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

/** How each of the take's frames is turned; of a movie all as the first. */
function turnsIn(reel: Reel, take: FrameRange): unknown {
  return reel.kind === 'movie' ? reel.stored : reel.stored?.slice(take.in, take.out);
}

function layerOf(reel: Reel): string[] {
  return reel.kind === 'folder' && reel.layer !== undefined ? [reel.layer] : [];
}

function damagedIn(reel: Reel, range: FrameRange): number[] {
  return [...reel.damaged.keys()].filter((frame) => contains(range, frame)).sort((a, b) => a - b);
}

/** In a movie the nearest whole frame, wherever it is, may stand in a damaged one's place. */
function damagedFor(reel: Reel, take: FrameRange): number[] {
  return damagedIn(reel, take).length > 0 ? damagedIn(reel, { in: 0, out: reel.frames }) : [];
}

/** The forbidden rectangles of each of the take's frames that has any. */
function holdoutsIn({ overrides, reel }: TakeOrigin, take: FrameRange): unknown[] {
  const held: unknown[] = [];
  for (let frame = take.in; frame < take.out; frame++) {
    const rois = holdoutsAt(overrides, frame, reel);
    if (rois.length > 0) held.push([frame, rois]);
  }
  return held;
}

function faceFacts({ track, brief }: CastTrack, read: FrameRange, origin: TakeOrigin): unknown {
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
  const { name, settings } = restorer;
  const used = new Set(networksOf(restorer));
  if (used.size === 0) return { name, settings };
  const resolved = Object.entries(settings).map(([key, value]) => [
    key,
    typeof value === 'string' && used.has(value) ? networks[value] : value,
  ]);
  return { name, settings: Object.fromEntries(resolved), device };
}

/** Only restorers that declare it use the track's typical pose. */
function poseFacts({ restorer, pose }: TrackToRender): string | null {
  return restorerNamed(RESTORERS, restorer.name).needs.pose ? hashOfFloats([pose]) : null;
}

/** Landmarks and light of each frame: what a face's placement is computed from. */
function floatsOf({ in: from, observations }: FaceTrack, range: FrameRange): string {
  const floats: (Float32Array | Float64Array)[] = [Float64Array.of(range.in, range.out)];
  for (const { landmarks, light } of observations.slice(range.in - from, range.out - from)) {
    const { exposure, colour, blur, grain, band } = light;
    floats.push(landmarks, Float64Array.of(exposure, ...colour, blur, grain), band);
  }
  return hashOfFloats(floats);
}

function hashOfFloats(parts: readonly (Float32Array | Float64Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
