import { lastValueFrom, type Observable, tap } from 'rxjs';
import { cutRegion, type Plate } from '../../film/plate.ts';
import { contains, type FrameRange, overlap } from '../../film/range.ts';
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
import { type FacesToDraw, type KeptFaces, NONE_KEPT } from '../kept/kept-faces.ts';
import { type CastTrack, tracksIn } from './cast-track.ts';
import { compFaces } from './comp-faces.ts';
import { compPlate, type FaceObserver, type PlacedTrack, type PlateComper } from './comp-plate.ts';
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
  /** Finds the faces of the take that need not be rendered; absent where all are. */
  readonly kept?: (draws: FacesToDraw) => Promise<KeptFaces>;
  /** Plates of a range in order; frames that cannot be read are left out. */
  readonly decode: (range: FrameRange) => Observable<LentPlate>;
  /** Where the take is written. */
  readonly place: TakePlace;
  readonly observer: FaceObserver;
  /** A face was rendered and restored. `carried`: what an expensive restorer says of it; see `RestorationFacts`. */
  readonly onFace: (carried: number | undefined) => void;
  readonly onFrame: (frame: number, faces: number) => void;
}

export interface TakeRendering<Written> {
  readonly segment: Written;
  /** Frames of the take in which at least one face was restored. */
  readonly restored: number;
  /** Restored faces that were kept, a frame each. */
  readonly kept: number;
  /** In the order of `tracksIn`. */
  readonly faces: readonly FaceOutcome[];
}

/**
 * Renders one take: every plate is lent by the decoder, its faces handed to the team, held until those of the restorer's window have
 * been too, comped, written, and given back. Damaged frames are handed through by the target. Of faces that are kept only those are
 * handed over that others, which are rendered, lie in the window of.
 *
 * After a failure nothing more is begun, and it rejects when what had begun has ended and every plate is given back.
 */
export async function renderTake<Written>(take: Take, context: TakeContext<Written>): Promise<TakeRendering<Written>> {
  const { team, reel, onFace, onFrame, observer, holdouts } = context;
  const tracks = tracksIn(context.tracks, take);
  await using kept = (await context.kept?.(observer.draws)) ?? NONE_KEPT;
  await using begun = await beginTracks(team, take, tracks, kept);
  await using writer = await context.target.openTake(take, context.place);
  const gathered = takeOutcomes();
  const running = openRunning();
  using loans = openLoans();
  let restored = 0;
  let keptFaces = 0;

  const facesIn = (frame: number): PlacedTrack[] =>
    tracks.flatMap((track) => {
      const placement = placementIn(track.track, track.brief.patchSize, frame, reel);
      return placement ? [{ track, placement }] : [];
    });
  const lift = (plate: Plate, { track, placement: { roi, ...placement } }: PlacedTrack): void => {
    if (isEmpty(roi) || !begun.needs(track.id, plate.frame)) return;
    const { toPatch, landmarks, light, fade } = placement;
    team.lift({ track: track.id, frame: plate.frame, region: cutRegion(plate, roi), toPatch, landmarks, light, fade });
  };
  const comper: PlateComper = {
    ...{ team, observer, holdouts, gathered, kept, tellsEdits: true },
    onFace(carried, isKept) {
      if (isKept) keptFaces += 1;
      else onFace(carried);
    },
  };

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
  return { segment: await writer.finish(), restored, kept: keptFaces, faces: gathered.of(tracks) };
}

/** Tracks that are rendered until it is closed. */
interface BegunTracks extends AsyncDisposable {
  /** Frames on each side of a frame that the team wants to be handed over, the most of any track. */
  readonly window: number;
  /** Whether the team wants to be handed a track's face: it is rendered, or lies in the window of one that is. */
  needs(track: string, frame: number): boolean;
}

/**
 * Begins the tracks of a take in which any face is rendered, the stills that they are painted from before. Where one cannot be begun,
 * the others are ended.
 */
async function beginTracks(
  team: RenderTeam,
  take: FrameRange,
  tracks: readonly CastTrack[],
  kept: KeptFaces,
): Promise<BegunTracks> {
  const needed = new Map<string, ReadonlySet<number>>();
  const end = async () => void (await Promise.allSettled([...needed.keys()].map((id) => team.end(id))));
  let most = 0;
  try {
    for (const { id, brief, stills, ...part } of tracks) {
      const frames = framesIn(overlap(take, part)).filter((frame) => !kept.of({ track: id, frame }));
      if (frames.length === 0) continue;
      for (const still of stills) await team.addStill(still);
      const window = await team.begin(brief);
      needed.set(id, new Set(frames.flatMap((frame) => framesIn({ in: frame - window, out: frame + window + 1 }))));
      most = Math.max(most, window);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return {
    window: most,
    needs: (track, frame) => needed.get(track)?.has(frame) ?? false,
    [Symbol.asyncDispose]: end,
  };
}

function framesIn({ in: from, out }: FrameRange): number[] {
  return Array.from({ length: out - from }, (_, k) => from + k);
}
