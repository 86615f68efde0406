import { type CastOptions, castTracks, type Person } from '../../face/cast.ts';
import type { FaceTrack } from '../../face/track.ts';
import type { InspectJob } from '../job.ts';
import type { PersonReferences } from '../stills/people.ts';
import { embeddingNear, facesInFrames, type ReelStill, type ReelTracks, reelStillsOf } from '../stills/reel-stills.ts';
import type { ReelAnalysis } from './reel-analysis.ts';

/** People by their stills: those to restore with, and those that only find them. */
export interface AskedPeople {
  readonly references: readonly PersonReferences[];
  readonly finds: readonly PersonReferences[];
}

/**
 * Casts the tracks, and chooses the frames of the reel that serve as stills. A track of which a frame was given is cast as that
 * person; overrides come before it.
 *
 * @throws StillError for a frame that was given and cannot serve
 */
export function castReel(
  request: Pick<InspectJob, 'references' | 'find'>,
  { references, finds }: AskedPeople,
  reel: ReelTracks,
  options: CastOptions,
): Pick<ReelAnalysis, 'people' | 'limits' | 'castings' | 'reelStills'> {
  const given = givenFrames(request, references, finds, reel);
  const people = peopleToFind(references, finds, given, reel.tracks);
  const overrides = new Map([...castOfFrames(given), ...(options.overrides ?? [])]);
  const { threshold, qualityShift, floor, qualityFloor, hysteresis } = options;
  const limits = { threshold, qualityShift, floor, qualityFloor, hysteresis };
  const castings = castTracks(reel.tracks, people, { ...options, overrides });
  const isKnown = (name: string) => people.some((person) => person.name === name);
  const reelStills = reelStillsOf(request.references, { given, isKnown, castings }, reel);
  return { people, limits, castings, reelStills };
}

/** The faces in the frames of the reel that were given, by person. */
function givenFrames(
  request: Pick<InspectJob, 'references' | 'find'>,
  references: readonly PersonReferences[],
  finds: readonly PersonReferences[],
  reel: ReelTracks,
): Map<string, ReelStill[]> {
  const given = new Map<string, ReelStill[]>();
  for (const [flag, asked] of [
    ['--reference', request.references],
    ['--find', request.find],
  ] as const) {
    for (const person of asked) {
      const known = [...references, ...finds].filter(({ name }) => name === person.name);
      const embeddings = known.flatMap(({ stills }) => stills.map((still) => still.face.embedding));
      const faces = facesInFrames(flag, person, embeddings, reel);
      if (faces.length > 0) given.set(person.name, [...(given.get(person.name) ?? []), ...faces]);
    }
  }
  return given;
}

/** A track of which a frame was given is cast as that person. */
function castOfFrames(given: ReadonlyMap<string, readonly ReelStill[]>): Array<[track: string, person: string]> {
  return [...given].flatMap(([name, stills]) => stills.map(({ track }): [string, string] => [track, name]));
}

/**
 * The people to find: by the stills of `--find` where they name the person, else by the stills to restore with. People without
 * any still are left out.
 */
function peopleToFind(
  references: readonly PersonReferences[],
  finds: readonly PersonReferences[],
  given: ReadonlyMap<string, readonly ReelStill[]>,
  tracks: readonly FaceTrack[],
): Person[] {
  const names = new Set([...references, ...finds].map(({ name }) => name));
  const people = [...names].map((name) => {
    const isShown = (person: PersonReferences) => person.name === name && person.stills.length > 0;
    const by = finds.find(isShown) ?? references.find(isShown);
    const inFrames = (given.get(name) ?? []).flatMap(({ track, frame }) => {
      const shown = tracks.find(({ id }) => id === track);
      return (shown && embeddingNear(shown, frame)) ?? [];
    });
    return { name, find: [...(by?.stills.map((still) => still.face.embedding) ?? []), ...inFrames] };
  });
  return people.filter(({ find }) => find.length > 0);
}
