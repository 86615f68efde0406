import type { Embedding } from '../../face/embedding.ts';
import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import type { Region } from '../../film/plate.ts';
import type { PlateColour } from '../../film/plate-colour.ts';
import { lazyRemote } from '../../workers/lazy-remote.ts';
import type { LikenessService } from '../../workers/likeness-service.ts';
import type { RenderTeam } from '../../workers/render-team.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { FaceObserver } from '../render/comp-plate.ts';

/** Frames of a track that the recogniser is shown, and the most of the whole reel. */
const SAMPLES = 5;
const SAMPLES_IN_REEL = 200;
/** Side of the picture that the recogniser is shown: its eyes are farther apart there than in the network's own crop. */
const SIDE = 256;

/**
 * Shows faces before and after to the recogniser, in a few frames of every track: its worker is opened for the first of them. How
 * like their person they are is told when the report is written, since the stills may be others by then.
 */
export interface FaceSampler extends AsyncDisposable, Pick<FaceObserver, 'embed'> {
  /** Whether a face is sampled. */
  samples(track: string, frame: number): boolean;
}

export function faceSampler(
  network: Parameters<LikenessService['open']>[0],
  colour: PlateColour,
  tracks: readonly CastTrack[],
): FaceSampler {
  const chosen = framesToSample(tracks);
  const samples = (track: string, frame: number) => chosen.get(track)?.has(frame) ?? false;
  const recogniser = lazyRemote(() => openedRecogniser(network));
  const embeddingOf = async (region: Region, landmarks: Landmarks, team: RenderTeam): Promise<Embedding> => {
    const picture: RgbPicture = await team.picture({ region, colour, side: SIDE });
    const { roi } = region;
    const scale = SIDE / Math.max(roi.width, roi.height);
    const five = fivePoints(landmarks).map((v, i) => scale * (v - (i % 2 === 0 ? roi.x : roi.y)));
    return recogniser.call('embed', { ...picture, five });
  };

  return {
    samples,
    async embed({ track, placement: { onPlate: landmarks }, before, after }, frame, team) {
      if (!samples(track.id, frame)) return null;
      return {
        before: await embeddingOf(before, landmarks, team),
        after: await embeddingOf(after, landmarks, team),
      };
    },
    [Symbol.asyncDispose]: () => recogniser[Symbol.asyncDispose](),
  };
}

async function openedRecogniser(network: Parameters<LikenessService['open']>[0]): Promise<Remote<LikenessService>> {
  const remote = openRemote<LikenessService>('likeness-worker');
  await remote.call('open', network);
  return remote;
}

/** Frames spread evenly over each track; of a reel with many tracks, over some of them. */
function framesToSample(tracks: readonly CastTrack[]): ReadonlyMap<string, ReadonlySet<number>> {
  const cast = tracks.filter(({ person }) => person !== null);
  const step = Math.max(1, (cast.length * SAMPLES) / SAMPLES_IN_REEL);
  const chosen = new Map<string, ReadonlySet<number>>();
  for (let k = 0; k < cast.length; k += step) {
    const track = cast[Math.floor(k)];
    if (!track) continue;
    const length = track.out - track.in;
    const frames = Array.from({ length: SAMPLES }, (_, i) => track.in + Math.floor(((i + 0.5) * length) / SAMPLES));
    chosen.set(track.id, new Set([...(chosen.get(track.id) ?? []), ...frames]));
  }
  return chosen;
}
