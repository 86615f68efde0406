import type { PlateColour } from '../../compute/plate-colour.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import { PATCH_INTER_OCULAR, PATCH_SIZES, patchSizeFor } from '../../face/patch.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { FrameRange } from '../../film/range.ts';
import type { StillPatch } from '../../restore/replace.ts';
import type { RestorerChoice, TrackToRender } from '../../workers/render-service.ts';
import type { Analysis } from '../analysis/analyse.ts';
import type { RestoreJob } from '../job.ts';
import { bestStills } from '../stills/best-stills.ts';
import { reelStillMaker } from '../stills/reel-still-patches.ts';
import type { ReelStill } from '../stills/reel-stills.ts';
import { StillError } from '../stills/still-error.ts';
import { stillPatches } from '../stills/stills-to-paint.ts';
import { teamWindow } from './render-team.ts';

/** A track that is to be restored, ready to be rendered. */
export interface CastTrack extends FrameRange {
  readonly id: string;
  readonly track: FaceTrack;
  /** Whom it plays; null where nobody was recognised and every face is restored. */
  readonly person: string | null;
  readonly brief: TrackToRender;
}

/** Steps in which patches grow, and the least of them, pixels: restoring costs by the pixel, and no restorer needs a power of two. */
const PATCH_STEP = 64;
const SMALLEST_PATCH = 128;

/** The patch size at which the track's largest face keeps its resolution: one size for the whole track, so that nothing pops. */
function patchSizeOf(track: FaceTrack): number {
  const largest = Math.max(...track.observations.map((s) => interOcular(fivePoints(s.landmarks))));
  const size = PATCH_STEP * Math.ceil(largest / PATCH_INTER_OCULAR / PATCH_STEP);
  return Math.min(PATCH_SIZES[PATCH_SIZES.length - 1] as number, Math.max(SMALLEST_PATCH, size));
}

/** The observation in the middle of the track, by which a still's pose is compared with the track's. */
function typicalLandmarks(track: FaceTrack): Landmarks {
  const middle = track.observations[Math.floor(track.observations.length / 2)];
  if (!middle) throw new Error('Unreachable: a track has at least one sighting.');
  // A copy: a view would take the whole track along to the workers.
  return middle.landmarks.slice();
}

/** What a reel's code values mean. */
export function plateColourOf({ reel }: Analysis): PlateColour {
  return { tags: reel.colour, transfer: reel.transfer, plateHeight: reel.height };
}

/** What a job says of its restorer. */
export type RestorerRequest = Pick<RestoreJob, 'restorer' | 'faces' | 'grain' | 'reuse'>;

/**
 * The tracks that are to be restored, each with all that a render worker must know of it: those that play somebody who was given,
 * or every one. A face of which there are no stills is repaired, or, if it should be replaced, left as it is.
 */
export async function castTracksToRender(
  analysis: Analysis,
  request: RestorerRequest,
  signal: AbortSignal,
): Promise<CastTrack[]> {
  const everyFace = (request.faces ?? (analysis.people.length > 0 ? 'cast' : 'all')) === 'all';
  await using stills = stillPainter(analysis, request, signal);
  const cast: CastTrack[] = [];
  for (const track of analysis.tracked.tracks) {
    const person = analysis.castings.find((casting) => casting.track === track.id)?.person ?? null;
    if (person === null && !everyFace) continue;
    const restorer = restorerFor(analysis, request, hasStills(analysis, track, person));
    if (!restorer) continue;
    const brief = briefOf(analysis, track, restorer);
    cast.push({
      id: track.id,
      in: track.in,
      out: track.out,
      track,
      person,
      brief:
        restorer.name === 'repair' || restorer.name === 'enhance'
          ? brief
          : { ...brief, stills: await stills.of(brief, person) },
    });
  }
  return cast;
}

/** What a render worker must know of a track, without any stills. */
function briefOf<Choice extends RestorerChoice>(analysis: Analysis, track: FaceTrack, restorer: Choice) {
  return {
    track: track.id,
    restorer,
    stills: [],
    pose: typicalLandmarks(track),
    patchSize: patchSizeOf(track),
    colour: plateColourOf(analysis),
    seed: seedOf(analysis.print),
  };
}

function hasStills({ references, reelStills }: Analysis, track: FaceTrack, person: string | null): boolean {
  const files = references.find(({ name }) => name === person)?.stills ?? [];
  return files.length > 0 || (reelStills.get(track.id)?.frames.length ?? 0) > 0;
}

/** Gives each track the stills that it is painted from: its person's files, and frames of the reel. */
function stillPainter(analysis: Analysis, request: RestorerRequest, signal: AbortSignal) {
  const kept = new Map<string, readonly StillPatch[]>();
  const maker = reelStillMaker(analysis, signal);
  const fromFiles = async (person: string | null, { restorer, patchSize }: TrackToRender) => {
    const references = analysis.references.find(({ name }) => name === person);
    if (!references) return [];
    // Detail finer than the plate is of no use; a replaced face may be painted finer than its still.
    const largest = restorer.name === 'detail' ? patchSizeFor(patchSize * PATCH_INTER_OCULAR) : 2048;
    const key = `${references.name} ${largest}`;
    const stills = kept.get(key) ?? (await stillPatches(references, analysis.stills, largest));
    kept.set(key, stills);
    return stills;
  };
  const fromReel = async (still: ReelStill) => {
    const track = analysis.tracked.tracks.find(({ id }) => id === still.track);
    if (!track) throw new Error('Unreachable: a still is a frame of a track.');
    return maker.patch(still, track, briefOf(analysis, track, repairFor(analysis, request)));
  };
  return {
    async of(brief: TrackToRender, person: string | null): Promise<readonly StillPatch[]> {
      const files = await fromFiles(person, brief);
      const { frames = [], choose = false } = analysis.reelStills.get(brief.track) ?? {};
      const patches: StillPatch[] = [];
      for (const still of frames) {
        const patch = await fromReel(still);
        if (patch) patches.push(patch);
        else if (!choose) {
          throw new StillError(
            `--reference reel:${still.frame + analysis.reel.first}: that frame has a light of its own, such as a flash, or its face lies outside the picture. Give another.`,
          );
        }
      }
      return [...files, ...(choose ? bestStills(patches) : patches)];
    },
    [Symbol.asyncDispose]: () => maker[Symbol.asyncDispose](),
  };
}

/** Frames on each side that rendering the tracks asks for at most. */
export function widestWindow(tracks: readonly CastTrack[]): number {
  return Math.max(0, ...tracks.map(({ brief }) => windowOf(brief.restorer)));
}

function windowOf(restorer: RestorerChoice): number {
  switch (restorer.name) {
    case 'replace':
      return 0;
    case 'enhance':
      return teamWindow(restorer.options.window + restorer.keyframeEvery, restorer.keyframeEvery > 0);
    default:
      return restorer.options.window;
  }
}

/** As the report names it: the restorer of people with stills, which without any is `repair`. */
export function restorerName({ preset, references, reelStills }: Analysis, { restorer }: RestorerRequest): string {
  const asked = restorer ?? preset.restorer;
  return asked === 'detail' && references.length === 0 && reelStills.size === 0 ? 'repair' : asked;
}

/** Null where a face should be replaced of which there are no stills. */
function restorerFor(analysis: Analysis, request: RestorerRequest, hasStills: boolean): RestorerChoice | null {
  const { preset } = analysis;
  const name = request.restorer ?? preset.restorer;
  if (name === 'replace') return hasStills ? { name, options: { ...preset.replace, ...grainOf(request) } } : null;
  const repair = repairFor(analysis, request);
  if (name === 'enhance') {
    const { model, strength, keyframeEvery } = preset.enhance;
    return { name, model, options: { ...repair.options, strength }, keyframeEvery: request.reuse ? keyframeEvery : 0 };
  }
  return name === 'detail' && hasStills ? { name, options: { ...repair.options, ...preset.detail } } : repair;
}

function repairFor({ preset }: Analysis, request: RestorerRequest) {
  return { name: 'repair', options: { ...preset.repair, ...grainOf(request) } } as const;
}

function grainOf({ grain }: RestorerRequest) {
  return grain === 'none' ? { grainRatio: 0 } : {};
}

/** Dither and grain depend on the reel, not on when or where it is rendered. */
function seedOf(print: string): number {
  let seed = 0x811c9dc5;
  for (let i = 0; i < print.length; i++) seed = Math.imul(seed ^ print.charCodeAt(i), 0x01000193);
  return seed >>> 0;
}
