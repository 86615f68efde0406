import type { PlateColour } from '../../comp/plate-colour.ts';
import type { Person } from '../../face/cast.ts';
import { type Embedding, similarity } from '../../face/embedding.ts';
import { fivePoints, type Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import type { Region } from '../../film/plate.ts';
import type { FacePlacement } from '../../render/placement.ts';
import type { LikenessService } from '../../workers/likeness-service.ts';
import type { RenderTeam } from '../../workers/render-team.ts';
import { openRemote, type Remote } from '../../workers/rpc.ts';
import type { CastTrack } from '../render/cast-track.ts';
import type { Likeness } from '../render/take-faces.ts';

/** Frames of a track in which its likeness is measured, and the most of the whole reel. */
const SAMPLES = 5;
const SAMPLES_IN_REEL = 200;
/** Side of the picture that the recogniser is shown: its eyes are farther apart there than in the network's own crop. */
const SIDE = 256;

/**
 * Compares faces before and after with the stills of the person whom they play, in a few frames of every track: the recogniser's
 * worker is opened for the first of them. The frames depend on the plan alone, so a resumed run takes the same.
 */
export interface LikenessJudge extends AsyncDisposable {
  /** Whether a face is sampled. */
  samples(track: string, frame: number): boolean;
  /** Null in frames that are not sampled, and where nobody was cast. */
  judge(
    track: CastTrack,
    frame: number,
    placement: FacePlacement,
    before: Region,
    after: Region,
    team: RenderTeam,
  ): Promise<Likeness | null>;
}

export function likenessJudge(
  people: readonly Person[],
  recogniser: string,
  colour: PlateColour,
  tracks: readonly CastTrack[],
): LikenessJudge {
  const chosen = framesToSample(tracks);
  const samples = (track: string, frame: number) => chosen.get(track)?.has(frame) ?? false;
  let opened: Promise<Remote<LikenessService>> | undefined;

  const open = async () => {
    const remote = openRemote<LikenessService>('likeness-worker');
    await remote.call('open', { recogniser, device: 'cpu' });
    return remote;
  };
  const embeddingOf = async (region: Region, landmarks: Landmarks, team: RenderTeam): Promise<Embedding> => {
    const picture: RgbPicture = await team.picture({ region, colour, side: SIDE });
    const { roi } = region;
    const scale = SIDE / Math.max(roi.width, roi.height);
    const five = fivePoints(landmarks).map((v, i) => scale * (v - (i % 2 === 0 ? roi.x : roi.y)));
    opened ??= open();
    return (await opened).call('embed', { ...picture, five });
  };

  return {
    samples,
    async judge(track, frame, { onPlate: landmarks }, before, after, team) {
      const person = people.find(({ name }) => name === track.person);
      if (!person || !samples(track.id, frame)) return null;
      const nearest = (face: Embedding) => Math.max(...person.find.map((still) => similarity(face, still)));
      return {
        before: nearest(await embeddingOf(before, landmarks, team)),
        after: nearest(await embeddingOf(after, landmarks, team)),
      };
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
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
    chosen.set(track.id, new Set(frames));
  }
  return chosen;
}
