import { concatMap, lastValueFrom, type Observable, tap } from 'rxjs';
import { regionUnder } from '../../compute/region-under.ts';
import { cutRegion, type Plate, pasteRegion, type Region } from '../../film/plate.ts';
import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty, type Roi } from '../../film/roi.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { LentPlate } from '../../media/read/decode.ts';
import type { Segment, Target } from '../../media/write/target.ts';
import type { FaceFrames } from '../../report/face-frames.ts';
import type { Loan } from '../../stream/frame-pool.ts';
import { lookAhead } from '../../stream/look-ahead.ts';
import { mapOrdered } from '../../stream/map-ordered.ts';
import type { Comped, PictureWish } from '../../workers/render-service.ts';
import type { CastTrack } from './cast-track.ts';
import { withHandles } from './handles.ts';
import { isHeldOut, keepHoldouts } from './holdouts.ts';
import { type FacePlacement, placementIn } from './placement.ts';
import type { RenderTeam } from './render-team.ts';
import { type Likeness, takeFaces } from './take-faces.ts';

/** What rendering one take needs. */
export interface TakeContext {
  readonly reel: Reel;
  readonly shot: Shot;
  readonly target: Target;
  readonly tracks: readonly CastTrack[];
  /** Regions that a person forbade, plate pixels, by frame. */
  readonly holdouts: (frame: number) => readonly Roi[];
  readonly team: RenderTeam;
  /** Plates of a range in order; frames that cannot be read are left out. */
  readonly decode: (range: FrameRange) => Observable<LentPlate>;
  readonly signal: AbortSignal;
  readonly observer: FaceObserver;
  /** `carried`: what an expensive restorer says of a face that it has restored; see `RestorationFacts`. */
  readonly onFace: (carried: number | undefined) => void;
  readonly onFrame: (frame: number, faces: number) => void;
}

export interface CompedFace {
  readonly track: string;
  readonly comped: Comped;
}

/** Looks on while faces are comped: what mattes and the report are made of. */
export interface FaceObserver {
  /** Whether the report wants to show a face. */
  wish(track: string, frame: number): PictureWish | null;
  /** How like its person a face is before and after; null in frames in which that is not sampled. */
  judge(
    track: CastTrack,
    frame: number,
    placement: FacePlacement,
    before: Region,
    after: Region,
    team: RenderTeam,
  ): Promise<Likeness | null>;
  /** Called with every frame's comped faces before they are written. */
  comped(plate: Plate, before: readonly Region[], faces: readonly CompedFace[], team: RenderTeam): Promise<void>;
}

export interface RenderedTake {
  readonly segment: Segment;
  /** Frames of the take in which at least one face was restored. */
  readonly restored: number;
  readonly faces: readonly FaceFrames[];
}

/** Plates that are out at once while a take is rendered: the restorer's window, two for each worker, one being read, one written. */
export function platesNeeded(window: number, workers: number): number {
  return window + 2 * workers + 2;
}

/**
 * Renders one take: every plate is lent by the decoder, its faces handed to the workers, held until those of the restorer's window
 * have been too, comped by one of them, written, and given back. Damaged frames are handed through by the target.
 */
export async function renderTake(take: Take, context: TakeContext): Promise<RenderedTake> {
  const { team, reel, observer } = context;
  const tracks = context.tracks.filter((track) => track.in < take.out && track.out > take.in);
  let window = 0;
  for (const track of tracks) window = Math.max(window, await team.begin(track.brief));

  await using writer = await context.target.openTake(take, context.signal);
  const gathered = takeFaces();
  let next = take.in;
  let restored = 0;

  const lift = (lent: LentPlate): void => {
    for (const { track, placement } of facesAt(tracks, lent.plate.frame)) {
      const roi = regionUnder(placement.toPatch, track.brief.patchSize, reel);
      if (isEmpty(roi)) continue;
      const region = cutRegion(lent.plate, roi);
      team.lift({ track: track.id, frame: lent.plate.frame, region, ...placement });
    }
  };

  const comp = async (lent: LentPlate): Promise<{ lent: LentPlate; changed: FrameRange | null }> => {
    const { plate } = lent;
    if (!contains(take, plate.frame)) return { lent, changed: null };
    const before: Region[] = [];
    const faces: CompedFace[] = [];
    for (const { track, placement } of facesAt(tracks, plate.frame)) {
      const roi = regionUnder(placement.toPatch, track.brief.patchSize, reel);
      const holdouts = context.holdouts(plate.frame);
      if (isEmpty(roi) || isHeldOut(roi, holdouts)) continue;
      const region = cutRegion(plate, roi);
      const show = observer.wish(track.id, plate.frame);
      const comped = await team.comp({ track: track.id, frame: plate.frame, region, ...(show ? { show } : {}) });
      if ('refused' in comped) gathered.refused(track.id, plate.frame, comped);
      if ('refused' in comped || !comped.changed) continue;
      const kept = keepHoldouts(comped, region, holdouts);
      pasteRegion(plate, kept.region);
      before.push(region);
      faces.push({ track: track.id, comped: kept });
      const likeness = await observer.judge(track, plate.frame, placement, region, kept.region, team);
      gathered.restored(track.id, plate.frame, comped, likeness);
      context.onFace(comped.facts?.carried);
    }
    if (faces.length === 0) return { lent, changed: null };
    await observer.comped(plate, before, faces, team);
    return { lent, changed: rowsOf(faces) };
  };

  const write = async ({ lent, changed }: { lent: LentPlate; changed: FrameRange | null }): Promise<void> => {
    const { plate, loan } = lent;
    try {
      if (!contains(take, plate.frame)) return;
      for (; next < plate.frame; next++) await writer.pass(next);
      await writer.write(plate, changed);
      if (changed) restored += 1;
      next = plate.frame + 1;
      context.onFrame(plate.frame, facesAt(tracks, plate.frame).length);
    } finally {
      loan.release();
    }
  };

  const held = new Set<Loan>();
  const frames = context.decode(withHandles(take, context.shot, window)).pipe(
    tap((lent) => {
      held.add(lent.loan);
      lift(lent);
    }),
    lookAhead(window),
    mapOrdered(comp, team.size),
    concatMap((done) => {
      held.delete(done.lent.loan);
      return write(done);
    }),
  );
  try {
    await lastValueFrom(frames, { defaultValue: undefined });
  } finally {
    // Plates that an error left between two stages.
    for (const loan of held) loan.release();
  }
  for (const track of tracks) await team.end(track.id);
  for (; next < take.out; next++) await writer.pass(next);
  return { segment: await writer.finish(), restored, faces: gathered.records() };
}

function facesAt(tracks: readonly CastTrack[], frame: number): Array<{ track: CastTrack; placement: FacePlacement }> {
  return tracks.flatMap((track) => {
    const placement = placementIn(track.track, track.brief.patchSize, frame);
    return placement ? [{ track, placement }] : [];
  });
}

/** The rows that any face changed. */
function rowsOf(faces: readonly CompedFace[]): FrameRange {
  const rows = faces.flatMap(({ comped }) => (comped.changed ? [comped.changed] : []));
  return { in: Math.min(...rows.map((range) => range.in)), out: Math.max(...rows.map((range) => range.out)) };
}
