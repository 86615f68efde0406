import { clamp } from '../film/interpolate.ts';
import { type Embedding, similarity } from './embedding.ts';
import { facesOfTracks, isBeside } from './re-identification.ts';
import type { FaceTrack } from './track.ts';

/** A person to find in the reel. */
export interface Person {
  readonly name: string;
  /** Embeddings of stills of this person, by the recogniser that made the tracks' identity samples. */
  readonly find: readonly Embedding[];
}

/** The casting of a track. */
export interface Casting {
  /** Id of the track. */
  readonly track: string;
  /** Name, or null where nobody matches. */
  readonly person: string | null;
  /**
   * Cosine to that person, the weighted median over the track's identity samples; where nobody is cast, to the nearest person. 0
   * without identity samples.
   */
  readonly similarity: number;
}

/** How like a person a face must be. */
export interface CastLimits {
  /** Cosine that an identity sample of full quality must reach: the recogniser's own threshold, shifted by the preset. */
  readonly threshold: number;
  /** How far the threshold falls at quality 0: genuine similarities fall with quality too (QMagFace, Terhörst 2021). */
  readonly qualityShift: number;
  /** Nobody is recognised below this cosine. */
  readonly floor: number;
  /** Identity samples of lower quality, 0 … 1, do not vote while there are better ones. */
  readonly qualityFloor: number;
  /** How far below the threshold a person is still recognised who is cast elsewhere in the reel. The floor holds all the same. */
  readonly hysteresis: number;
}

/** What holds for a track in place of what holds for all. */
export interface CastException {
  readonly limits?: CastLimits;
  /** The only people as whom it may be cast. */
  readonly only?: readonly string[];
}

export interface CastOptions extends CastLimits {
  /** By track id. */
  readonly exceptions?: ReadonlyMap<string, CastException>;
  /** Overrides: track id to name, or null for nobody. */
  readonly overrides?: ReadonlyMap<string, string | null>;
}

/** The cosine that an identity sample of the given quality (0 … 1) must reach. */
export function thresholdAt(quality: number, options: CastLimits): number {
  const shift = options.qualityShift * (1 - clamp(quality, 0, 1));
  return Math.max(options.floor, options.threshold - shift);
}

/**
 * Casts all tracks at once; one casting a track, in their order.
 *
 * An identity sample's margin is its similarity less the threshold for its quality. A track's margin is their median, weighted by
 * quality, so that a few bad samples decide nothing. The best margins are cast first; a person is never in two places at once,
 * and a track is one person. A person who is cast with a margin of at least the hysteresis is also cast where the margin is short
 * of zero by less than that: a whole reel outweighs one dark shot. A face that left and came back within a shot has one margin,
 * over the identity samples of all its tracks. Overrides come before everything.
 */
export function castTracks(tracks: readonly FaceTrack[], people: readonly Person[], options: CastOptions): Casting[] {
  const roles = new Map<FaceTrack, string | null>();
  for (const track of tracks) {
    const decided = options.overrides?.get(track.id);
    if (decided !== undefined) roles.set(track, decided);
  }
  const faces = facesOfTracks(
    tracks.filter((track) => !roles.has(track)),
    options.threshold,
  );
  const ranked = faces
    .flatMap((face) => {
      const limits = limitsOf(face, options);
      return people
        .filter((person) => face.every(({ id }) => options.exceptions?.get(id)?.only?.includes(person.name) ?? true))
        .map((person) => ({ face, hysteresis: limits.hysteresis, ...voteOn(face, person, limits) }));
    })
    .sort((a, b) => b.margin - a.margin || tracks.indexOf(first(a.face)) - tracks.indexOf(first(b.face)));
  const sure = new Set(ranked.filter((vote) => vote.margin >= vote.hysteresis).map((vote) => vote.person));
  for (const { face, person, margin, lenientMargin } of ranked) {
    if ((sure.has(person) ? lenientMargin : margin) < 0 || roles.has(first(face))) continue;
    const isElsewhere = tracks.some((other) => roles.get(other) === person && face.some((own) => isBeside(own, other)));
    if (!isElsewhere) for (const track of face) roles.set(track, person);
  }
  return tracks.map((track) => {
    const person = roles.get(track) ?? null;
    const own = people.map((candidate) => voteOn([track], candidate, limitsOf([track], options)));
    const named = own.find((vote) => vote.person === person);
    const nearest =
      named ?? own.reduce<Vote | undefined>((a, b) => (a && a.similarity >= b.similarity ? a : b), undefined);
    return { track: track.id, person, similarity: nearest?.similarity ?? 0 };
  });
}

function limitsOf(face: readonly FaceTrack[], { exceptions, ...all }: CastOptions): CastLimits {
  return exceptions?.get(first(face).id)?.limits ?? all;
}

function first(face: readonly FaceTrack[]): FaceTrack {
  return face[0] as FaceTrack;
}

interface Vote {
  readonly person: string;
  readonly similarity: number;
  /** Similarity above the threshold for the identity samples' quality; −∞ without identity samples or stills. */
  readonly margin: number;
  /** The same above the threshold less the hysteresis. */
  readonly lenientMargin: number;
}

/**
 * Share of the best identity sample's quality below which another does not vote. A head that shows itself in profile for a minute
 * and turns to the camera for a second is cast by that second, however many samples the profile has.
 */
const BESIDE_BEST = 0.6;

/** The margin of a face for one person, over the identity samples of all its tracks. */
function voteOn(face: readonly FaceTrack[], person: Person, options: CastLimits): Vote {
  const all = face.flatMap((track) => track.identitySamples);
  const best = Math.max(...all.map(({ quality }) => quality));
  const least = Math.max(options.qualityFloor, BESIDE_BEST * best);
  const good = all.filter(({ quality }) => quality >= least);
  const identitySamples = good.length > 0 ? good : all;
  if (identitySamples.length === 0 || person.find.length === 0) {
    return { person: person.name, similarity: 0, margin: -Infinity, lenientMargin: -Infinity };
  }
  const lenient = { ...options, threshold: options.threshold - options.hysteresis };
  const samples = identitySamples.map(({ embedding, quality }) => ({
    cosine: similarityTo(embedding, person),
    quality,
    weight: Math.max(quality, 1e-3),
  }));
  const above = (asked: CastLimits) =>
    weightedMedian(samples.map(({ cosine, quality, weight }) => [cosine - thresholdAt(quality, asked), weight]));
  return {
    person: person.name,
    similarity: weightedMedian(samples.map(({ cosine, weight }) => [cosine, weight])),
    margin: above(options),
    lenientMargin: above(lenient),
  };
}

/** Mean similarity to the two most similar stills: one lucky still among many must not decide. */
export function similarityTo(embedding: Embedding, person: Person): number {
  const cosines = person.find.map((still) => similarity(embedding, still)).sort((a, b) => b - a);
  const [first = 0, second = first] = cosines;
  return (first + second) / 2;
}

/** The value below which half of the weight lies; of two such, the lower, so that a tie does not pass. */
function weightedMedian(values: ReadonlyArray<readonly [value: number, weight: number]>): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    if (below >= half) return value;
  }
  return sorted.at(-1)?.[0] ?? 0;
}
