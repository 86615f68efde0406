import { lastValueFrom, type Observable, tap } from 'rxjs';
import { cutRegion, type Plate } from '../../film/plate.ts';
import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { isEmpty, type Roi } from '../../film/roi.ts';
import type { Shot, Take } from '../../film/shot.ts';
import type { LentPlate } from '../../media/read/decode.ts';
import type { TakePlace, TakeWriter } from '../../media/write/target.ts';
import { placementIn } from '../../render/placement.ts';
import { lookAhead } from '../../stream/look-ahead.ts';
import { openLoans } from '../../stream/open-loans.ts';
import { openRunning } from '../../stream/running.ts';
import { untilAborted } from '../../stream/until-aborted.ts';
import type { RenderTeam } from '../../workers/render-team.ts';
import { type CastTrack, tracksIn } from './cast-track.ts';
import { compFaces } from './comp-faces.ts';
import { compPlate, type FaceObserver, type PlacedTrack } from './comp-plate.ts';
import { withHandles } from './handles.ts';
import { liftFaces } from './lift-faces.ts';
import { type FaceOutcome, takeOutcomes } from './take-faces.ts';
import { writeTake } from './write-take.ts';

/** What rendering one take needs. */
export interface TakeContext<Written> {
  readonly reel: Pick<Reel, 'format' | 'width' | 'height'>;
  readonly shot: Shot;
  readonly target: { openTake(take: Take, place: TakePlace): Promise<TakeWriter<Written>> };
  readonly tracks: readonly CastTrack[];
  /** Regions that a person forbade, plate pixels, by frame. */
  readonly holdouts: (frame: number) => readonly Roi[];
  readonly team: RenderTeam;
  /** Plates of a range in order; frames that cannot be read are left out. */
  readonly decode: (range: FrameRange) => Observable<LentPlate>;
  /** Where the take is written. */
  readonly place: TakePlace;
  readonly observer: FaceObserver;
  /** `carried`: what an expensive restorer says of a face that it has restored; see `RestorationFacts`. */
  readonly onFace: (carried: number | undefined) => void;
  readonly onFrame: (frame: number, faces: number) => void;
}

export interface TakeRendering<Written> {
  readonly segment: Written;
  /** Frames of the take in which at least one face was restored. */
  readonly restored: number;
  /** In the order of `tracksIn`. */
  readonly faces: readonly FaceOutcome[];
}

/**
 * Renders one take: every plate is lent by the decoder, its faces handed to the team, held until those of the restorer's window have
 * been too, comped, written, and given back. Damaged frames are handed through by the target.
 *
 * After a failure nothing more is begun, and it rejects when what had begun has ended and every plate is given back.
 */
export async function renderTake<Written>(take: Take, context: TakeContext<Written>): Promise<TakeRendering<Written>> {
  const { team, reel, onFace, onFrame, observer, holdouts } = context;
  const tracks = tracksIn(context.tracks, take);
  await using begun = await beginTracks(team, tracks);
  await using writer = await context.target.openTake(take, context.place);
  const gathered = takeOutcomes();
  const running = openRunning();
  using loans = openLoans();
  let restored = 0;

  const facesIn = (frame: number): PlacedTrack[] =>
    tracks.flatMap((track) => {
      const placement = placementIn(track.track, track.brief.patchSize, frame, reel);
      return placement ? [{ track, placement }] : [];
    });
  const lift = (plate: Plate, { track, placement: { roi, toPatch, landmarks, light } }: PlacedTrack): void => {
    if (isEmpty(roi)) return;
    team.lift({ track: track.id, frame: plate.frame, region: cutRegion(plate, roi), toPatch, landmarks, light });
  };
  const comper = { team, observer, holdouts, gathered, onFace };

  const frames = context.decode(withHandles(take, context.shot, begun.window)).pipe(
    tap(({ loan }) => loans.add(loan)),
    liftFaces(facesIn, lift),
    lookAhead(begun.window),
    compFaces(
      async ({ plate, faces }, signal) =>
        contains(take, plate.frame) ? compPlate(plate, faces, comper, signal) : null,
      team.size,
      running,
    ),
    writeTake(take, writer, loans.giveBack, running),
    tap(({ plate, faces, changed }) => {
      if (changed) restored += 1;
      onFrame(plate.frame, faces.length);
    }),
    untilAborted(context.place.signal),
  );
  try {
    await lastValueFrom(frames, { defaultValue: undefined });
  } finally {
    await running.ended();
  }
  return { segment: await writer.finish(), restored, faces: gathered.of(tracks) };
}

/** Tracks that are rendered until it is closed. */
interface BegunTracks extends AsyncDisposable {
  /** Frames on each side of a frame that the team wants to be handed over, the most of any track. */
  readonly window: number;
}

/** Begins the tracks of a take, the stills that they are painted from before. Where one cannot be begun, the others are ended. */
async function beginTracks(team: RenderTeam, tracks: readonly CastTrack[]): Promise<BegunTracks> {
  const begun: string[] = [];
  const end = async () => void (await Promise.allSettled(begun.map((id) => team.end(id))));
  let window = 0;
  try {
    for (const { id, brief, stills } of tracks) {
      for (const still of stills) await team.addStill(still);
      window = Math.max(window, await team.begin(brief));
      begun.push(id);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return { window, [Symbol.asyncDispose]: end };
}
