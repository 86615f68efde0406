import type { FrameRange } from '../../film/range.ts';
import { intersect, isEmpty, type Roi } from '../../film/roi.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { FaceInFrame } from '../../render/face-rendering.ts';
import { placementIn } from '../../render/placement.ts';
import type { RenderingDevice } from '../../render/rendering-device.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { hashOf } from '../../settings/canonical-json.ts';
import type { CastTrack } from '../render/cast-track.ts';
import { windowOf } from '../render/choose-restorer.ts';
import { withHandles } from '../render/handles.ts';
import { holdoutsAt, isHeldOut } from '../render/holdouts.ts';
import { faceFacts } from '../work/face-facts.ts';
import { damagedIn, storedFacts, type TakeOrigin } from '../work/take-origin.ts';

/** The faces of a take, and what they are rendered on. */
export interface FacesToKey {
  readonly take: Take;
  readonly shot: Shot;
  /** Those in the take, in the order in which they are painted. */
  readonly tracks: readonly CastTrack[];
  readonly device: RenderingDevice;
}

/** A face in a frame, and what its comped samples are known by. */
export interface KeyedFace extends FaceInFrame {
  readonly cast: CastTrack;
  /** SHA-256, lower-case hex. */
  readonly key: string;
}

/**
 * What the samples of a take's comped faces depend on, and nothing else: two faces with the same key are the same to the bit, whichever
 * take, run or machine they are from. A face that lies over others depends on what theirs do. None is keyed that lies outside the
 * plate or is held out.
 */
export function* keyedFaces({ take, shot, tracks, device }: FacesToKey, origin: TakeOrigin): Generator<KeyedFace> {
  const windows = new Map(tracks.map(({ brief }) => [brief.track, windowOf(RESTORERS, brief.restorer)]));
  for (let frame = take.in; frame < take.out; frame++) {
    const holdouts = holdoutsAt(origin.overrides, frame, origin.reel);
    const painted: { readonly roi: Roi; readonly key: string }[] = [];
    for (const cast of tracks) {
      const roi = placementIn(cast.track, cast.brief.patchSize, frame, origin.reel)?.roi;
      if (!roi || isEmpty(roi) || isHeldOut(roi, holdouts)) continue;
      const under = painted.filter((face) => !isEmpty(intersect(face.roi, roi))).map(({ key }) => key);
      const one = { ...take, in: frame, out: frame + 1 };
      const read = withHandles(one, shot, windows.get(cast.brief.track) ?? 0);
      const key = hashOf({
        ...contentOf(cast, frame, read, origin),
        device,
        over: under.length > 0 ? { faces: under, holdouts } : null,
      });
      painted.push({ roi, key });
      yield { track: cast.id, frame, cast, key };
    }
  }
}

function contentOf(cast: CastTrack, frame: number, read: FrameRange, origin: TakeOrigin): Record<string, unknown> {
  const { print, reel, ffmpeg, renderVersion } = origin;
  return {
    print,
    frame,
    read: [read.in, read.out],
    damaged: damagedIn(reel, read),
    stored: storedFacts(reel, read),
    ffmpeg,
    renderVersion,
    face: faceFacts(cast, read, origin),
  };
}
