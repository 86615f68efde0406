import type { EventCode } from '../../log/event-codes.ts';
import type { RunEvent } from '../../log/run-event.ts';
import type { LostPicture } from '../../media/read/pictures/list-pictures.ts';
import type { PictureRecord } from '../../report/pictures/picture-record.ts';

const CODES: Readonly<Record<PictureRecord['outcome'], EventCode>> = {
  restored: 'PICTURE_RESTORED',
  untouched: 'PICTURE_UNTOUCHED',
  damaged: 'E_PICTURE_DAMAGED',
  lost: 'E_PICTURE_DAMAGED',
};

/** Tells of a picture that cannot even be looked at. */
export function lostPictureEvent({ name, why }: LostPicture): RunEvent {
  return { code: 'E_PICTURE_DAMAGED', labels: { picture: name }, counts: { frames: 1 }, reason: why };
}

/** Tells what became of a picture. */
export function pictureEvent({ name, outcome, why, seconds, faces }: PictureRecord): RunEvent {
  const of = (end: string) => faces.filter((face) => face.outcome === end).length;
  return {
    code: CODES[outcome],
    labels: { picture: name },
    counts: { frames: 1, restored: of('restored'), refused: of('refused') },
    seconds: seconds.read + seconds.networks + seconds.restore + seconds.write,
    reason: why,
  };
}
