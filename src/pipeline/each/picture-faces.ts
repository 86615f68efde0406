import type { Casting } from '../../face/cast.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import { isSurelyCast } from '../../face/sure-casting.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FolderReel } from '../../film/reel.ts';
import type { PictureFaceRecord } from '../../report/pictures/picture-record.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { castReel } from '../analysis/cast-reel.ts';
import { briefOf, type CastTrack } from '../render/cast-track.ts';
import { choiceOf, restorerFor } from '../render/choose-restorer.ts';
import type { FaceOutcome } from '../render/take-faces.ts';
import type { EachRun } from './each-run.ts';

/** A face that was found in a picture: who it is, and as whom it is restored. */
export interface PictureFace {
  readonly track: FaceTrack;
  readonly box: PictureFaceRecord['box'];
  readonly person: string | null;
  readonly similarity: number | null;
  /** Null where it stays as it is: it is nobody's who was given, nobody gave stills of it, or it is excepted from being hidden. */
  readonly cast: CastTrack | null;
  readonly isExcepted: boolean;
}

/** Tells the faces of a picture apart, and gives those that are restored their restorers and stills. */
export async function castPicture(
  tracks: readonly FaceTrack[],
  { reel, sha256 }: { readonly reel: FolderReel; readonly sha256: string },
  { job, preset, people, limits, networks, stills, everyFace }: EachRun,
): Promise<PictureFace[]> {
  const picture = { reel, range: { in: 0, out: 1 }, shots: [{ index: 0, in: 0, out: 1 }], tracks };
  const { castings, people: found } = castReel(job, people, picture, limits);
  const faces: PictureFace[] = [];
  for (const track of tracks) {
    const casting: Casting | undefined = castings.find((one) => one.track === track.id);
    const person = casting?.person ?? null;
    const [observation] = track.observations;
    const own = people.references.find(({ name }) => name === person);
    const restorer = restorerFor(RESTORERS, preset, job, (own?.stills.length ?? 0) > 0);
    const named = found.find(({ name }) => name === person);
    const isExcepted =
      restorer?.hides !== undefined && job.except && named !== undefined && isSurelyCast(track, named, limits);
    const face = {
      isExcepted,
      track,
      box: boxOf(observation?.landmarks ?? new Float32Array(0)),
      person,
      similarity: found.length > 0 ? (casting?.similarity ?? 0) : null,
    };
    if (!restorer || isExcepted || (person === null && !everyFace)) {
      faces.push({ ...face, cast: null });
      continue;
    }
    const brief = briefOf({ reel, print: sha256, device: networks.device }, track, choiceOf(restorer, preset, job));
    const { stills: needed, fineStills = false } = restorer.needs;
    const laid = needed === 'none' ? [] : await stills.of(person, brief.patchSize, fineStills);
    const cast = { id: track.id, in: 0, out: 1, track, person, brief: { ...brief, stills: laid.map(({ id }) => id) } };
    faces.push({ ...face, cast: { ...cast, stills: laid } });
  }
  return faces;
}

function boxOf(landmarks: Landmarks): PictureFaceRecord['box'] {
  const xs = landmarks.filter((_, k) => k % 2 === 0);
  const ys = landmarks.filter((_, k) => k % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)].map(Math.floor) as [number, number];
  return [left, top, Math.ceil(Math.max(...xs)) - left, Math.ceil(Math.max(...ys)) - top];
}

/** What became of a face. `outcome`: of a face that has a cast. */
export function pictureFaceRecord(
  { box, person, similarity, cast, isExcepted }: PictureFace,
  outcome: FaceOutcome | null,
): PictureFaceRecord {
  const known = { box, person, similarity };
  if (!cast) {
    if (person === null) return { ...known, outcome: 'unmatched' };
    if (isExcepted) return { ...known, outcome: 'refused', why: `${person} is excepted, and left to be seen` };
    return { ...known, outcome: 'refused', why: `there are no stills of ${person} to restore it with` };
  }
  const { reasons } = restorerNamed(RESTORERS, cast.brief.restorer.name).words;
  const [restored] = outcome?.restored ?? [];
  if (!restored) {
    const reason = outcome?.refused[0]?.reason;
    const words = reason === undefined ? undefined : reasons[reason];
    const why = words ? (words.leftAlone ?? words.brief) : 'nothing of it lies in the picture';
    return { ...known, outcome: 'refused', why };
  }
  const { sharpness, change, strength, gate, limit } = restored;
  const words = limit === undefined ? undefined : reasons[limit];
  return {
    ...known,
    outcome: 'restored',
    ...{ sharpness, change },
    ...(words ? { why: words.inPart ?? words.brief } : {}),
    ...(strength === undefined ? {} : { strength }),
    ...(gate === undefined ? {} : { gate }),
  };
}
