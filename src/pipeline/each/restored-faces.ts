import { of } from 'rxjs';
import { cutRegion, type Region } from '../../film/plate.ts';
import { plateColourOf } from '../../film/plate-colour.ts';
import type { FolderReel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import { placementIn } from '../../render/placement.ts';
import { isDoubtful } from '../../report/pictures/doubt.ts';
import type { PictureFaceRecord } from '../../report/pictures/picture-record.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { Loan } from '../../stream/frame-pool.ts';
import type { WrittenPicture } from '../../workers/picture-service.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { FaceObserver } from '../render/comp-plate.ts';
import { renderTake, type TakeContext } from '../render/render-take.ts';
import type { DeviceForTake } from '../render/run-device.ts';
import type { FaceOutcome } from '../render/take-faces.ts';
import type { FaceDrawer } from './draw-faces.ts';
import type { Lane } from './lanes.ts';
import { type PictureFace, pictureFaceRecord } from './picture-faces.ts';
import { pictureWriter } from './picture-writer.ts';

/** What faces are restored and drawn with. */
export interface FaceTools {
  readonly drawer: FaceDrawer;
  /** Cosine from which a face is somebody's; null where nobody was given. */
  readonly threshold: number | null;
  readonly signal: AbortSignal;
}

/** A picture is one take of one frame. */
const TAKE = { in: 0, out: 1, shot: 0, touched: true } as const;
const SHOT = { index: 0, in: 0, out: 1 } as const;
/** Side of the patch by which the surroundings of a face are cut that is not restored. */
const SHOWN_PATCH = 256;

interface PictureInWork {
  readonly reel: FolderReel;
  readonly key: string;
  /** Where it is written to. */
  readonly draft: string;
  /** Why a changed picture cannot be written back, after "its file"; null where it can. */
  readonly unwritable: string | null;
  readonly faces: readonly PictureFace[];
}

interface RestoredFaces {
  readonly records: readonly PictureFaceRecord[];
  /** Null where the picture is to be passed on. */
  readonly written: WrittenPicture | null;
  /** Why faces that were to be restored were not written, after "its file". */
  readonly unwritten: string | null;
  /** Seconds of writing. */
  readonly writing: number;
  readonly notes: readonly string[];
}

/** Restores the faces of a picture that have a cast, and draws those that are worth a look. */
export async function restoredFaces(
  { reel, key, draft, unwritable, faces }: PictureInWork,
  lane: Lane,
  { threshold, drawer, signal }: FaceTools,
): Promise<RestoredFaces> {
  const wanted = faces.flatMap(({ cast }) => (cast ? [cast] : []));
  const casts = unwritable === null ? wanted : [];
  const unwritten = wanted.length > 0 ? unwritable : null;
  const untold = faces.map((face) => toldOf(face, null, unwritten));
  const isLooked = (face: PictureFace, k: number) =>
    !face.cast && isDoubtful(untold[k] as PictureFaceRecord, threshold);
  if (casts.length === 0 && !faces.some(isLooked)) {
    return { records: untold, written: null, unwritten, writing: 0, notes: [] };
  }
  const bytes = await lane.pictures.call('plate', null);
  const plate = { frame: 0, format: reel.format, width: reel.width, height: reel.height, bytes } as const;
  const colour = plateColourOf(reel);
  const looks = new Map<string, readonly Region[]>();
  for (const [k, face] of faces.entries()) {
    const roi = isLooked(face, k) ? placementIn(face.track, SHOWN_PATCH, 0, reel)?.roi : undefined;
    if (roi && !isEmpty(roi)) looks.set(face.track.id, [cutRegion(plate, roi)]);
  }
  return lane.renderOn(async (on: DeviceForTake) => {
    const notes = new Set<string>(on.notes);
    const writer = pictureWriter(lane, draft);
    // What is begun anew on another device begins with the picture as it was.
    const own = on.device.kind === 'cpu' ? plate : { ...plate, bytes: bytes.slice() };
    const take: TakeContext<WrittenPicture | null> = {
      ...{ reel, shot: SHOT, tracks: casts, team: on.team },
      target: { openTake: async () => writer },
      holdouts: () => [],
      decode: () => of({ plate: own, loan: notLent(own.bytes) }),
      place: { folder: '', signal, note: (sentence) => void notes.add(sentence) },
      observer: comparing(looks),
      onFace() {},
      onFrame() {},
    };
    const rendered = casts.length > 0 ? await renderTake(TAKE, take) : null;
    const records: PictureFaceRecord[] = [];
    for (const [k, face] of faces.entries()) {
      const place = face.cast ? casts.indexOf(face.cast) : -1;
      const told = toldOf(face, rendered?.faces[place] ?? null, unwritten ?? writer.failure());
      // What is to be hidden is not shown beside it.
      const isShown = isDoubtful(told, threshold) && !(face.cast && isHidden(face.cast));
      const shown = isShown ? (looks.get(face.track.id) ?? []) : [];
      const pictures = await drawer.draw(`${key.slice(0, 16)}-${k}`, shown, { team: on.team, colour });
      records.push(pictures.length > 0 ? { ...told, pictures } : told);
    }
    const why = unwritten ?? writer.failure();
    return {
      records,
      written: rendered?.segment ?? null,
      unwritten: why,
      writing: writer.seconds(),
      notes: [...notes],
    };
  });
}

function isHidden({ brief }: CastTrack): boolean {
  return restorerNamed(RESTORERS, brief.restorer.name).hides !== undefined;
}

/** What became of a face. @param unwritten why nothing of its picture was written */
function toldOf(face: PictureFace, outcome: FaceOutcome | null, unwritten: string | null): PictureFaceRecord {
  if (unwritten === null || !face.cast) return pictureFaceRecord(face, outcome);
  const { box, person, similarity } = face;
  return { box, person, similarity, outcome: 'refused', why: `its file ${unwritten}` };
}

/** Memory of its own, as whoever gives back what a pool has lent wants it. */
function notLent(bytes: Uint8Array<ArrayBuffer>): Loan {
  const loan: Loan = { bytes, retain: () => loan, release() {} };
  return loan;
}

/** Keeps before and after of each face that is restored. */
function comparing(looks: Map<string, readonly Region[]>): FaceObserver {
  return {
    keeps: null,
    wish: () => null,
    draws: () => [],
    compares: () => true,
    embed: async ({ track, before, after }) => {
      looks.set(track.id, [before, after]);
      return null;
    },
    async comped() {},
  };
}
