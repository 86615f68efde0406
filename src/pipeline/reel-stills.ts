import { boxOfLandmarks } from '../face/box.ts';
import type { Casting } from '../face/cast.ts';
import { type Embedding, similarity } from '../face/embedding.ts';
import { eyeOpenings, mouthOpening } from '../face/landmarks.ts';
import { angleBetween, type Pose, poseOf } from '../face/pose.ts';
import type { Sighting } from '../face/sighting.ts';
import type { FaceTrack } from '../face/track.ts';
import { contains, type FrameRange } from '../film/range.ts';
import type { Reel } from '../film/reel.ts';
import type { PersonStills } from './job.ts';
import { StillError } from './still-error.ts';

/** A frame of the reel that serves as a still of a track's face. */
export interface ReelStill {
  /** Id of the track. */
  readonly track: string;
  /** From 0. */
  readonly frame: number;
}

/** What is known of the reel when its own frames are looked up. */
export interface SightedReel {
  readonly reel: Reel;
  readonly range: FrameRange;
  readonly tracks: readonly FaceTrack[];
}

/**
 * The faces in the frames that were given for a person. Where a frame shows several, the one most like the person's other stills.
 *
 * @param known embeddings of those other stills
 * @throws StillError for a frame that is not looked at, is damaged, or shows no face or several strangers
 */
export function facesInFrames(
  flag: '--reference' | '--find',
  { name, frames }: PersonStills,
  known: readonly Embedding[],
  { reel, range, tracks }: SightedReel,
): ReelStill[] {
  if (frames === undefined || frames === 'auto') return [];
  return frames.map((number) => {
    const what = `${flag} ${name}=reel:${number}`;
    const frame = number - reel.first;
    if (!contains(range, frame)) {
      throw new StillError(
        `${what}: the frames that are looked at are ${range.in + reel.first} to ${range.out - 1 + reel.first}. Give one of these, or a wider --range.`,
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
  const [x, y] = boxOfLandmarks((track.sightings[frame - track.in] as Sighting).landmarks);
  return `${Math.round(x)},${Math.round(y)}`;
}

/** What the recogniser said of the face at the anchor nearest to a frame. */
export function embeddingNear(track: FaceTrack, frame: number): Embedding | undefined {
  const nearest = track.anchors.reduce<(typeof track.anchors)[number] | undefined>(
    (a, b) => (a && Math.abs(a.frame - frame) <= Math.abs(b.frame - frame) ? a : b),
    undefined,
  );
  return nearest?.embedding;
}

/** Frames chosen for one person, at most, and the quality below the best one's under which a frame is left out. */
const BEST = 6;
const WORST_QUALITY = 0.6;
/** Differences that make two frames worth as much as two stills: of the head's direction, radians, and of openings, eye distances. */
const OTHER_POSE = 0.3;
const OTHER_OPENING = 0.15;

/**
 * The frames of tracks that show their face best: sharp, large and near, as its anchors' quality says, and unlike each other in
 * pose and expression. The first is the best; each further one has the greatest product of its quality and its distance from
 * those before it.
 */
export function bestFrames(tracks: readonly FaceTrack[], damaged: ReadonlyMap<number, string>): ReelStill[] {
  const candidates = tracks.flatMap((track) =>
    track.anchors
      .filter(({ frame }) => !damaged.has(frame))
      .map(({ frame, quality }) => ({ track: track.id, frame, quality, look: lookOf(track, frame) })),
  );
  const best = Math.max(0, ...candidates.map(({ quality }) => quality));
  const left = candidates.filter(({ quality }) => quality >= WORST_QUALITY * best);
  const chosen: typeof left = [];
  while (chosen.length < BEST && left.length > 0) {
    const worth = left.map(({ quality, look }) => quality * Math.min(1, ...chosen.map((c) => unlike(look, c.look))));
    const [next] = left.splice(worth.indexOf(Math.max(...worth)), 1);
    if (next) chosen.push(next);
  }
  return chosen.map(({ track, frame }) => ({ track, frame }));
}

interface Look {
  readonly pose: Pose;
  readonly openings: readonly number[];
}

function lookOf(track: FaceTrack, frame: number): Look {
  const { landmarks } = track.sightings[frame - track.in] as Sighting;
  return { pose: poseOf(landmarks), openings: [mouthOpening(landmarks), ...eyeOpenings(landmarks)] };
}

function unlike(a: Look, b: Look): number {
  const openings = a.openings.map((opening, i) => Math.abs(opening - (b.openings[i] as number)));
  return angleBetween(a.pose, b.pose) / OTHER_POSE + Math.max(...openings) / OTHER_OPENING;
}

/**
 * The frames of the reel that serve each track, by its id: those given for whom it plays, and where they were to be chosen, the best of
 * all tracks that play that person. Where nobody can be told, because nothing but `reel:auto` was given, a track serves itself.
 *
 * @param given frames that were given, by person
 */
export function reelStillsOf(
  asked: readonly PersonStills[],
  given: ReadonlyMap<string, readonly ReelStill[]>,
  isKnown: (name: string) => boolean,
  castings: readonly Casting[],
  { reel, tracks }: SightedReel,
): ReadonlyMap<string, readonly ReelStill[]> {
  const stills = new Map<string, readonly ReelStill[]>();
  for (const { name, frames } of asked) {
    if (frames === undefined) continue;
    const own = tracks.filter(({ id }) => castings.some(({ track, person }) => track === id && person === name));
    if (frames !== 'auto') for (const { id } of own) stills.set(id, given.get(name) ?? []);
    else if (!isKnown(name)) for (const track of tracks) stills.set(track.id, bestFrames([track], reel.damaged));
    else {
      const best = bestFrames(own, reel.damaged);
      for (const { id } of own) stills.set(id, best);
    }
  }
  return stills;
}
