import type { TrackHistory } from '../../carry/track/frame-decision.ts';
import type { FaceTrack } from '../../face/track.ts';
import { contains, type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import type { KeptShot } from './tracked-reel.ts';

/**
 * The part of a tracked shot that lies in a range. Tracks keep their ids and their identity samples: who a face is does not depend
 * on the frames that were asked for. How far a face moved, and how often its limits were halved, stays what the whole track says.
 */
export function sliceShot(shot: KeptShot, range: FrameRange): KeptShot {
  const part = overlap(shot, range);
  const isIn = ({ frame }: { readonly frame: number }) => contains(part, frame);
  const tracks: FaceTrack[] = [];
  const histories: TrackHistory[] = [];
  for (const [k, track] of shot.tracks.entries()) {
    const own = overlap(track, part);
    if (lengthOf(own) === 0) continue;
    const cut = <T>(list: readonly T[]) => list.slice(own.in - track.in, own.out - track.in);
    tracks.push({ ...track, ...own, observations: cut(track.observations) });
    const history = shot.histories[k];
    if (history) histories.push({ ...history, decisions: cut(history.decisions), audits: history.audits.filter(isIn) });
  }
  return {
    ...part,
    startsShot: shot.startsShot && part.in === shot.in,
    endsShot: shot.endsShot && part.out === shot.out,
    tracks,
    histories,
    searches: shot.searches.filter(isIn),
    damaged: new Map([...shot.damaged].filter(([frame]) => contains(part, frame))),
  };
}
