import { boxOfLandmarks } from '../../face/box.ts';
import type { Casting } from '../../face/cast.ts';
import { type Embedding, similarity } from '../../face/embedding.ts';
import type { FaceObservation } from '../../face/observation.ts';
import type { FaceTrack } from '../../face/track.ts';
import { contains, type FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { Shot } from '../../film/shot.ts';
import { StillError } from '../../film/still-error.ts';
import type { PersonStills } from '../job.ts';

/** A frame of the reel that serves as a still of a track's face. */
export interface ReelStill {
  /** Id of the track. */
  readonly track: string;
  /** From 0. */
  readonly frame: number;
}

/** What choosing frames of the reel needs. */
export interface ReelTracks {
  readonly reel: Reel;
  readonly range: FrameRange;
  /** Of the range, in order. */
  readonly shots: readonly Shot[];
  readonly tracks: readonly FaceTrack[];
}

/**
 * The faces in the frames that were given for a person. Where a frame shows several, the one most like the person's other stills.
 *
 * @param known embeddings of those other stills
 * @throws StillError for a frame that is not tracked, is damaged, or shows no face or several strangers
 */
export function facesInFrames(
  flag: '--reference' | '--find',
  { name, frames }: PersonStills,
  known: readonly Embedding[],
  { reel, range, shots, tracks }: ReelTracks,
): ReelStill[] {
  if (frames === undefined || frames === 'auto') return [];
  return frames.map((number) => {
    const what = `${flag} ${name}=reel:${number}`;
    const frame = number - reel.first;
    if (!contains(range, frame)) {
      throw new StillError(
        `${what}: the tracked frames are ${range.in + reel.first} to ${range.out - 1 + reel.first}. Give one of these, or a wider --range.`,
      );
    }
    if (shots.some((shot) => shot.passed && contains(shot, frame))) {
      throw new StillError(
        `${what}: nobody looked at that frame, since --shots does not list it. Give a frame of the listed shots, or list its shot, too; with the cast "nobody" nothing is restored there.`,
      );
    }
    const damage = reel.damaged.get(frame);
    if (damage) throw new StillError(`${what}: the frame is damaged (${damage}). Give another.`);
    const shown = tracks.filter((track) => contains(track, frame));
    const [face, ...others] = shown;
    if (!face) {
      throw new StillError(
        `${what}: no face was found in that frame. "reelmend inspect" lists the frames of every face.`,
      );
    }
    if (others.length === 0) return { track: face.id, frame };
    if (known.length === 0) {
      const seen = shown.map((track) => `${track.id} at ${placeOf(track, frame)}`).join('; ');
      throw new StillError(
        `${what}: ${shown.length} faces were found in that frame (${seen}), but a still must show one person. Give a frame in which ${name} is alone, or also a still of ${name} outside the reel.`,
      );
    }
    const likeness = (track: FaceTrack) =>
      Math.max(...known.map((embedding) => similarity(embedding, embeddingNear(track, frame) ?? embedding)));
    return { track: shown.reduce((a, b) => (likeness(b) > likeness(a) ? b : a)).id, frame };
  });
}

function placeOf(track: FaceTrack, frame: number): string {
  const [x, y] = boxOfLandmarks((track.observations[frame - track.in] as FaceObservation).landmarks);
  return `${Math.round(x)},${Math.round(y)}`;
}

/** The face's embedding at the identity sample nearest to a frame. */
export function embeddingNear(track: FaceTrack, frame: number): Embedding | undefined {
  const nearest = track.identitySamples.reduce<(typeof track.identitySamples)[number] | undefined>(
    (a, b) => (a && Math.abs(a.frame - frame) <= Math.abs(b.frame - frame) ? a : b),
    undefined,
  );
  return nearest?.embedding;
}

/** Frames that are tried where the best ones are to be chosen. */
const CANDIDATES = 24;

/** Frames evenly spread over all in which tracks show a face, in order. */
function candidates(tracks: readonly FaceTrack[], damaged: ReadonlyMap<number, string>): ReelStill[] {
  const all = tracks.flatMap(({ id, observations }) =>
    observations.filter(({ frame }) => !damaged.has(frame)).map(({ frame }) => ({ track: id, frame })),
  );
  const count = Math.min(CANDIDATES, all.length);
  return Array.from({ length: count }, (_, k) => all[Math.floor(((k + 0.5) * all.length) / count)] as ReelStill);
}

/** Frames of the reel that serve a track as stills. */
export interface ReelStills {
  readonly frames: readonly ReelStill[];
  /** True where the best of them are to be chosen by their pictures. */
  readonly choose: boolean;
}

/** What is known of the people whose stills are asked for. */
export interface KnownOfPeople {
  /** Frames that were given, by person. */
  readonly given: ReadonlyMap<string, readonly ReelStill[]>;
  /** Whether a person's face is known, so that tracks can be cast. */
  readonly isKnown: (name: string) => boolean;
  readonly castings: readonly Casting[];
}

/**
 * The frames of the reel that serve each track as stills, by its id: those given for its person and, where they are to be chosen,
 * some of all tracks of that person. Where nothing but `reel:auto` was given, tracks are not cast and each one serves itself.
 */
export function reelStillsOf(
  asked: readonly PersonStills[],
  { given, isKnown, castings }: KnownOfPeople,
  { reel, tracks }: ReelTracks,
): ReadonlyMap<string, ReelStills> {
  const stills = new Map<string, ReelStills>();
  for (const { name, frames } of asked) {
    if (frames === undefined) continue;
    const own = tracks.filter(({ id }) => castings.some(({ track, person }) => track === id && person === name));
    if (frames !== 'auto') for (const { id } of own) stills.set(id, { frames: given.get(name) ?? [], choose: false });
    else {
      const serving = isKnown(name) ? [own] : tracks.map((track) => [track]);
      for (const served of serving) {
        const tried = { frames: candidates(served, reel.damaged), choose: true };
        for (const { id } of served) stills.set(id, tried);
      }
    }
  }
  return stills;
}
