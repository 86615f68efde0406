import { access, constants, stat } from 'node:fs/promises';
import { of } from 'rxjs';
import type { InferenceCounts, RunCounts } from '../../carry/track/inference-counts.ts';
import { sha256OfFiles } from '../../disk/durable.ts';
import { cutRegion, type Region } from '../../film/plate.ts';
import { plateColourOf } from '../../film/plate-colour.ts';
import type { FolderReel } from '../../film/reel.ts';
import { isEmpty } from '../../film/roi.ts';
import type { FoundPicture } from '../../media/read/pictures/list-pictures.ts';
import { DamagedStill } from '../../media/still/damaged-still.ts';
import type { TakeWriter } from '../../media/write/target.ts';
import { placementIn } from '../../render/placement.ts';
import { isDoubtful } from '../../report/pictures/doubt.ts';
import type { PictureFaceRecord, PictureRecord } from '../../report/pictures/picture-record.ts';
import { restorerNamed } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import type { Loan } from '../../stream/frame-pool.ts';
import type { WrittenPicture } from '../../workers/picture-service.ts';
import { proxySize } from '../analysis/track-frames.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { FaceObserver } from '../render/comp-plate.ts';
import { renderTake, type TakeContext } from '../render/render-take.ts';
import type { DeviceForTake } from '../render/run-device.ts';
import type { FaceOutcome } from '../render/take-faces.ts';
import type { FaceDrawer } from './draw-faces.ts';
import type { EachOutput } from './each-output.ts';
import { type EachRun, pictureKey } from './each-run.ts';
import { facesOfPicture } from './find-faces.ts';
import type { Lane } from './lanes.ts';
import { castPicture, type PictureFace, pictureFaceRecord } from './picture-faces.ts';

/** What pictures are restored with. */
export interface PictureTools {
  readonly run: EachRun;
  /** What every result depends on beside its picture. */
  readonly runKey: string;
  readonly output: EachOutput;
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

/**
 * Restores one picture, from its file to that of its name: what is no restored face is the file's own. Null where an earlier run has
 * done it as this one would.
 */
export async function restorePicture(
  found: FoundPicture,
  lane: Lane,
  tools: PictureTools,
): Promise<PictureRecord | null> {
  const { run, runKey, output, signal } = tools;
  const lap = stopwatch();
  const { transfer, layer, ffmpeg } = run.job;
  const opened = await lane.pictures.call('open', { path: found.path, transfer, layer, ffmpeg });
  const { name } = found;
  const key = pictureKey(runKey, name, opened.sha256);
  const known = output.records.get(name);
  if (opened.sha256 !== null && known?.key === key && (await output.holds(known))) return null;
  const begun = { name, key, source: { sha256: opened.sha256, bytes: found.bytes, written: found.written } };
  const seconds = { read: lap(), networks: 0, restore: 0, write: 0 };
  signal.throwIfAborted();
  if ('damage' in opened) {
    const passed = await passedDamage(found, key, opened.sha256, output);
    seconds.write = lap();
    const outcome = passed ? 'damaged' : 'lost';
    return { ...begun, output: passed, outcome, why: opened.damage, faces: [], runs: NO_RUNS, seconds, notes: [] };
  }

  const { reel, obstacle, note } = opened;
  const size = { width: reel.width, height: reel.height, samples: reel.format.name };
  const sha256 = opened.sha256 as string;
  const proxy = proxySize(reel, run.preset.proxy.longSide);
  const rgb = await lane.pictures.call('proxy', proxy);
  seconds.read += lap();
  const { tracks, counts } = await facesOfPicture(
    lane.tracking,
    { rgb, proxy, reel },
    { preset: run.preset, reuse: run.job.reuse },
  );
  const faces = await castPicture(tracks, { reel, sha256 }, run);
  seconds.networks = lap();
  signal.throwIfAborted();

  const picture = { reel, key, unwritable: obstacle && `cannot be changed: ${obstacle}`, faces };
  const restored = await restoredFaces(picture, lane, tools);
  seconds.restore = lap() - restored.writing;
  if (!restored.written) await output.pass(found.path, key);
  seconds.write = lap() + restored.writing;
  return {
    ...begun,
    ...{ size, faces: [...restored.records], seconds },
    output: restored.written ?? { sha256, bytes: opened.bytes },
    outcome: restored.written ? 'restored' : 'untouched',
    ...(restored.unwritten === null ? {} : { why: `has a face to restore, but its file ${restored.unwritten}` }),
    runs: { ...runsOf(counts), restorer: restored.records.filter(({ outcome }) => outcome === 'restored').length },
    notes: [...restored.notes, ...(restored.written && note ? [`${note}.`] : [])],
  };
}

/** Copies a damaged picture as it is; null where no byte of it can be had. */
async function passedDamage(
  { path }: FoundPicture,
  key: string,
  sha256: string | null,
  output: EachOutput,
): Promise<WrittenPicture | null> {
  const isThere = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  await output.pass(path, key);
  const { size } = await stat(output.draft(key));
  return { sha256: sha256 ?? (await sha256OfFiles([output.draft(key)])), bytes: size };
}

interface PictureInWork {
  readonly reel: FolderReel;
  readonly key: string;
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
async function restoredFaces(
  { reel, key, unwritable, faces }: PictureInWork,
  lane: Lane,
  { threshold, drawer, output, signal }: PictureTools,
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
    const writer = pictureWriter(lane, output.draft(key));
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

/** Writes a picture's one frame; one whose file cannot be changed after all is passed on, and the reason told. */
function pictureWriter(lane: Lane, to: string) {
  let written: WrittenPicture | null = null;
  let failure: string | null = null;
  let seconds = 0;
  const writer: TakeWriter<WrittenPicture | null> = {
    async write({ bytes }, changed) {
      if (!changed) return;
      const lap = stopwatch();
      try {
        written = await lane.pictures.call('write', { bytes, changed, to }, [bytes.buffer]);
      } catch (error) {
        if (!(error instanceof DamagedStill)) throw error;
        failure = error.message;
      }
      seconds = lap();
    },
    async pass() {},
    finish: async () => written,
    async [Symbol.asyncDispose]() {},
  };
  return { ...writer, failure: () => failure, seconds: () => seconds };
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

const NO_RUNS = { detector: 0, landmarker: 0, refiner: 0, recogniser: 0, restorer: 0 } as const;

function runsOf(counts: InferenceCounts): Omit<PictureRecord['runs'], 'restorer'> {
  const sum = (of: RunCounts | undefined) => Object.values(of ?? {}).reduce((all, runs) => all + runs, 0);
  const { detector, landmarker, refiner, recogniser } = counts;
  return {
    detector: sum(detector),
    landmarker: sum(landmarker),
    refiner: sum(refiner),
    recogniser: sum(recogniser),
  };
}

/** Seconds since it was last asked. */
function stopwatch(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - since) / 1000;
    since = now;
    return seconds;
  };
}
