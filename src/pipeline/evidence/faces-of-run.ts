import type { Person } from '../../face/cast.ts';
import { similarity } from '../../face/embedding.ts';
import { type FaceFrames, facesByTrack } from '../../report/face-frames.ts';
import { type CastTrack, tracksIn } from '../render/cast-track.ts';
import type { RenderedTake } from '../render/render.ts';
import type { TakeFace } from '../work/take-record.ts';

/** What a run knows now of faces that may have been rendered by an earlier one. */
export interface FacesNow {
  readonly tracks: readonly CastTrack[];
  readonly people: readonly Person[];
  /** Hash of the network that made the people's embeddings. */
  readonly recogniser: string;
}

/** What became of each track's face over all takes, by the track's id, and how like its person it is. */
export function facesOfRun(takes: readonly RenderedTake[], now: FacesNow): ReadonlyMap<string, FaceFrames> {
  return facesByTrack(
    takes.map(({ take, faces: { faces, recogniser } }) =>
      tracksIn(now.tracks, take).flatMap((track, k): FaceFrames[] => {
        const face = faces[k];
        if (!face || face.restored.length + face.refused.length === 0) return [];
        const { restored, refused } = face;
        // Embeddings of different networks cannot be compared.
        const likeness = recogniser === now.recogniser ? likenessTo(track.person, face.embeddings, now.people) : [];
        return [{ track: track.id, restored, refused, likeness }];
      }),
    ),
  );
}

function likenessTo(
  name: string | null,
  embeddings: TakeFace['embeddings'],
  people: readonly Person[],
): FaceFrames['likeness'] {
  const person = people.find((one) => one.name === name);
  if (!person) return [];
  const nearest = (face: readonly number[]) =>
    rounded(Math.max(...person.find.map((still) => similarity(Float32Array.from(face), still))));
  return embeddings.map(({ frame, before, after }) => ({ frame, before: nearest(before), after: nearest(after) }));
}

function rounded(value: number): number {
  return Math.round(1e5 * value) / 1e5;
}
