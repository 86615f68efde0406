import { lengthOf } from '../../film/range.ts';
import { frameNumber, type Reel } from '../../film/reel.ts';
import type { Take } from '../../film/shot.ts';
import type { EventLabels, RunEvent } from '../../log/run-event.ts';
import type { FinishedTake } from '../work/take-folders.ts';
import type { CastTrack } from './cast-track.ts';

/** What a take is called in events. */
export function takeLabels({ shot, in: from, out }: Take, reel: Reel): EventLabels {
  return { shot: shot + 1, take: `${frameNumber(reel, from)}-${frameNumber(reel, out - 1)}` };
}

/**
 * What became of a take, and of its faces that were left alone, one event a face and reason. Of a take that an earlier run rendered, that
 * run told of its faces.
 *
 * @param tracks those in the take, as its record has their faces
 */
export function takeEvents(
  { take, record, faces, redone }: FinishedTake & { readonly take: Take; readonly redone: boolean },
  tracks: readonly CastTrack[],
): RunEvent[] {
  const { device, restored, seconds } = record;
  const counts = { frames: lengthOf(take), restored };
  if (!redone) return [{ code: 'TAKE_KEPT', labels: take.touched ? { device } : {}, counts }];
  if (!take.touched) return [{ code: 'TAKE_COPIED', counts, seconds }];
  const refusals = tracks.flatMap(({ id, person }, k) =>
    [...countsOf(faces.faces[k]?.refused ?? [])].map(
      ([reason, refused]): RunEvent => ({
        code: 'FACE_REFUSED',
        labels: { device, track: id, person: person ?? undefined },
        counts: { refused },
        reason,
      }),
    ),
  );
  return [{ code: 'TAKE_RENDERED', labels: { device }, counts, seconds }, ...refusals];
}

/** Frames by reason. */
function countsOf(refused: readonly { readonly reason: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of refused) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
