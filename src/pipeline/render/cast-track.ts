import { beyondTrack } from '../../carry/smooth/beyond-track.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { trackPatchSize } from '../../face/patch.ts';
import { isSurelyCast } from '../../face/sure-casting.ts';
import type { FaceTrack } from '../../face/track.ts';
import { plateColourOf } from '../../film/plate-colour.ts';
import { type FrameRange, lengthOf, overlap } from '../../film/range.ts';
import type { Shot } from '../../film/shot.ts';
import { StillError } from '../../film/still-error.ts';
import type { SharedStill, TrackToRender } from '../../render/face-rendering.ts';
import { repair } from '../../restore/repair.ts';
import type { RestorerChoice } from '../../restore/restorer-choice.ts';
import { RESTORERS } from '../../restore/restorers.ts';
import { UsageError } from '../../settings/usage-error.ts';
import type { AnalysisResources } from '../analysis/analysis-resources.ts';
import { castOverrides } from '../analysis/cast-overrides.ts';
import type { ChosenShot } from '../analysis/chosen-shots.ts';
import type { ReelAnalysis } from '../analysis/reel-analysis.ts';
import type { RestoreJob } from '../job.ts';
import { bestStills } from '../stills/best-stills.ts';
import { fileStills } from '../stills/file-stills.ts';
import { reelStillMaker } from '../stills/reel-still-patches.ts';
import type { ReelStill } from '../stills/reel-stills.ts';
import { choiceOf, paintingOf, paintingsOf, type RestorerRequest, restorerFor, windowOf } from './choose-restorer.ts';

/** A track that is to be restored, or the part of one that is, ready to be rendered. Parts of one track lie in different takes. */
export interface CastTrack extends FrameRange {
  readonly id: string;
  /** All of it: the frames beside the part are its neighbours. */
  readonly track: FaceTrack;
  /** The person it is cast as; null where it is not cast and every face is restored. */
  readonly person: string | null;
  readonly brief: TrackToRender;
  /** Those that the brief names. Tracks that are painted from the same ones share their memory. */
  readonly stills: readonly SharedStill[];
}

/** The patch size at which the track's largest face keeps its resolution: one size for the whole track, so that nothing pops. */
function patchSizeOf(track: FaceTrack): number {
  return trackPatchSize(Math.max(...track.observations.map((s) => interOcular(fivePoints(s.landmarks)))));
}

/** The observation in the middle of the track, by which a still's pose is compared with the track's. */
function typicalLandmarks(track: FaceTrack): Landmarks {
  const middle = track.observations[Math.floor(track.observations.length / 2)];
  if (!middle) throw new Error('Unreachable: a track has at least one observation.');
  // A copy: a view would take the whole track along to the workers.
  return middle.landmarks.slice();
}

/** What a job says of the faces that are restored, and of how. */
export type CastRequest = RestorerRequest & Pick<RestoreJob, 'faces' | 'except'>;

/**
 * The tracks to restore, each with all that a render worker needs: those cast as a given person, or every track. A face without
 * stills is left alone where its restorer needs some and has no substitute. Where faces are to be hidden, it is every track if nothing
 * else is said, with the frames beside it in which the face may still be seen, less those of people who are excepted.
 *
 * @throws UsageError where people are to be excepted and nobody is hidden
 */
export async function castTracksToRender(
  analysis: ReelAnalysis,
  resources: Pick<AnalysisResources, 'ffmpeg' | 'pictures'>,
  request: CastRequest,
  signal: AbortSignal,
): Promise<CastTrack[]> {
  const restored = request.faces ?? (analysis.people.length > 0 ? 'cast' : 'all');
  assertHides(analysis, request);
  await using painter = stillPainter(analysis, resources, request, signal);
  const cast: CastTrack[] = [];
  for (const track of analysis.tracked.tracks) {
    const person = analysis.castings.find((casting) => casting.track === track.id)?.person ?? null;
    const within = analysis.tracked.shots[track.shot] as Shot;
    for (const shot of shotsIn(within, analysis.chosen)) {
      const painting = paintingOf({ preset: analysis.preset, request }, shot);
      const restorer = restorerFor(RESTORERS, painting.preset, painting.request, hasStills(analysis, track, person));
      if (!restorer) continue;
      const reach = restorer.hides?.(choiceOf(restorer, painting.preset, painting.request).settings);
      const everyFace = (reach ? (request.faces ?? 'all') : restored) === 'all';
      const isExcepted = reach !== undefined && request.except && isSure(analysis, track, person);
      if (isExcepted || !isRestored(shot, person, everyFace)) continue;
      const shown = reach ? beyondTrack(track, analysis.tracked.tracks, within, reach) : track;
      const part = overlap(shown, shot ?? shown);
      if (lengthOf(part) === 0) continue;
      const brief = briefOf(analysis, track, choiceOf(restorer, painting.preset, painting.request));
      const { stills, fineStills = false } = restorer.needs;
      const own = stills === 'none' ? [] : await painter.of(brief, person, fineStills);
      const ids = own.map(({ id }) => id);
      cast.push({ id: track.id, ...part, track: shown, person, brief: { ...brief, stills: ids }, stills: own });
    }
  }
  return cast;
}

/** The chosen shots that a shot of the reel holds a part of; one that stands for all of it where none was chosen. */
function shotsIn(shot: FrameRange, chosen: readonly ChosenShot[] | null): readonly (ChosenShot | null)[] {
  return chosen?.filter((one) => lengthOf(overlap(one, shot)) > 0) ?? [null];
}

/** A shot may say who alone is restored in it. */
function isRestored(shot: Pick<ChosenShot, 'cast'> | null, person: string | null, everyFace: boolean): boolean {
  const cast = shot?.cast;
  return cast === undefined ? person !== null || everyFace : person !== null && cast === person;
}

/** True where a person decided whose face a track shows, or nothing speaks against it. */
function isSure({ people, limits, overrides, tracked }: ReelAnalysis, track: FaceTrack, name: string | null): boolean {
  const person = people.find((one) => one.name === name);
  if (!person) return false;
  const decided = castOverrides(overrides, tracked.tracks).get(track.id) === name;
  return decided || isSurelyCast(track, person, limits);
}

/** @throws UsageError */
function assertHides({ preset, chosen }: ReelAnalysis, request: CastRequest): void {
  if (!request.except) return;
  const paintings = paintingsOf({ preset, request }, chosen);
  if (paintings.some((one) => restorerFor(RESTORERS, one.preset, one.request, false)?.hides)) return;
  throw new UsageError('--except: no face is hidden. Add --restorer anonymise, or leave it out.');
}

/** What a render worker must know of a track, without any stills. */
export function briefOf(
  { reel, print, device }: Pick<ReelAnalysis, 'reel' | 'print' | 'device'>,
  track: FaceTrack,
  restorer: RestorerChoice,
): TrackToRender {
  return {
    track: track.id,
    restorer,
    stills: [],
    pose: typicalLandmarks(track),
    patchSize: patchSizeOf(track),
    device,
    colour: plateColourOf(reel),
    seed: seedOf(print),
  };
}

function hasStills(
  { references, reelStills }: Pick<ReelAnalysis, 'references' | 'reelStills'>,
  track: FaceTrack,
  person: string | null,
): boolean {
  const files = references.find(({ name }) => name === person)?.stills ?? [];
  return files.length > 0 || (reelStills.get(track.id)?.frames.length ?? 0) > 0;
}

/** Gives each track the stills that it is painted from: its person's files, and frames of the reel. */
function stillPainter(
  analysis: ReelAnalysis,
  { ffmpeg, pictures }: Pick<AnalysisResources, 'ffmpeg' | 'pictures'>,
  request: RestorerRequest,
  signal: AbortSignal,
) {
  const files = fileStills(analysis.references, pictures);
  const maker = reelStillMaker(analysis.reel, ffmpeg, signal);
  const fromReel = async (still: ReelStill) => {
    const track = analysis.tracked.tracks.find(({ id }) => id === still.track);
    if (!track) throw new Error('Unreachable: a still is a frame of a track.');
    return maker.patch(still, track, briefOf(analysis, track, choiceOf(repair, analysis.preset, request)));
  };
  return {
    /** `fine`: those finer than the plate as fine as they are. */
    async of(brief: TrackToRender, person: string | null, fine: boolean): Promise<readonly SharedStill[]> {
      const ofPerson = await files.of(person, brief.patchSize, fine);
      const { frames = [], choose = false } = analysis.reelStills.get(brief.track) ?? {};
      const patches: SharedStill[] = [];
      for (const still of frames) {
        const patch = await fromReel(still);
        if (patch) patches.push(patch);
        else if (!choose) {
          throw new StillError(
            `--reference reel:${still.frame + analysis.reel.first}: that frame has a light of its own, such as a flash, or its face lies outside the picture. Give another.`,
          );
        }
      }
      return [...ofPerson, ...(choose ? bestStills(patches) : patches)];
    },
    [Symbol.asyncDispose]: () => maker[Symbol.asyncDispose](),
  };
}

/** The tracks that are painted in a range. */
export function tracksIn(tracks: readonly CastTrack[], range: FrameRange): CastTrack[] {
  return tracks.filter((track) => track.in < range.out && track.out > range.in);
}

/** Where a track's face is in a frame; undefined where the track does not show it. */
export function landmarksIn({ track }: Pick<CastTrack, 'track'>, frame: number): Landmarks | undefined {
  return track.observations[frame - track.in]?.landmarks;
}

/** Frames on each side that rendering the tracks asks for at most. */
export function widestWindow(tracks: readonly CastTrack[]): number {
  return Math.max(0, ...tracks.map(({ brief }) => windowOf(RESTORERS, brief.restorer)));
}

/** Dither and grain depend on the reel, not on when or where it is rendered. */
function seedOf(print: string): number {
  let seed = 0x811c9dc5;
  for (let i = 0; i < print.length; i++) seed = Math.imul(seed ^ print.charCodeAt(i), 0x01000193);
  return seed >>> 0;
}
