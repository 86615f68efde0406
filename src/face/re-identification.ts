import { overlap } from '../film/range.ts';
import { associate } from './associate.ts';
import { boxOfLandmarks } from './box.ts';
import { type Embedding, normalised, similarity } from './embedding.ts';
import type { FaceTrack } from './track.ts';

/** Quality of an identity sample, 0 … 1, from which it can tell two people apart: below, the same face often gives unlike embeddings. */
const TELLING = 0.25;
/** Longest absence, frames, after which a face in about the same place is the same: half a second. */
const AWAY = 12;

/**
 * Groups tracks by the face that they show. A face that is hidden or leaves the picture, and comes back within the shot, begins
 * another track, since a track has no gaps. Tracks that are never in view at once are one face where one begins soon after the other
 * ended, in about its place, unless good embeddings differ; and where embeddings are alike. The shortest absences are joined first,
 * then the most similar.
 *
 * @param alike cosine from which two tracks count as one person
 */
export function facesOfTracks(tracks: readonly FaceTrack[], alike: number): FaceTrack[][] {
  const likenesses = new Map(tracks.map((track) => [track, likenessOf(track)]));
  const cosine = (a: FaceTrack, b: FaceTrack) =>
    similarity(likenesses.get(a) as Embedding, likenesses.get(b) as Embedding);
  const together = tracks.flatMap((a, k) =>
    tracks
      .slice(k + 1)
      .filter((b) => a.shot === b.shot && !isBeside(a, b))
      .map((b) => ({ a, b, cosine: cosine(a, b), absence: absenceBetween(a, b) })),
  );
  const pairs = [
    ...together
      .filter((pair) => pair.absence !== null && (pair.cosine >= alike || !(isTelling(pair.a) && isTelling(pair.b))))
      .sort((p, q) => (p.absence as number) - (q.absence as number) || q.cosine - p.cosine),
    ...together.filter((pair) => pair.cosine >= alike).sort((p, q) => q.cosine - p.cosine),
  ];
  const faces = new Map(tracks.map((track) => [track, [track]]));
  for (const { a, b } of pairs) {
    const [one, other] = [faces.get(a) as FaceTrack[], faces.get(b) as FaceTrack[]];
    if (one === other || one.some((track) => other.some((beside) => isBeside(track, beside)))) continue;
    const joined = [...one, ...other].sort((p, q) => p.in - q.in);
    for (const track of joined) faces.set(track, joined);
  }
  return [...new Set(faces.values())];
}

/** Frames between two tracks of which one goes on soon where the other ended; null where it does not. */
function absenceBetween(a: FaceTrack, b: FaceTrack): number | null {
  const [before, after] = a.in <= b.in ? [a, b] : [b, a];
  const [last, first] = [before.observations.at(-1), after.observations[0]];
  const absence = after.in - before.out;
  if (absence < 0 || absence > AWAY || !last || !first) return null;
  const { pairs } = associate([boxOfLandmarks(last.landmarks)], [boxOfLandmarks(first.landmarks)]);
  return pairs.length > 0 ? absence : null;
}

function isTelling({ identitySamples }: FaceTrack): boolean {
  return identitySamples.some(({ quality }) => quality >= TELLING);
}

/** True where both are in view at once: the same shot, with frames in common. */
export function isBeside(a: FaceTrack, b: FaceTrack): boolean {
  const shared = overlap(a, b);
  return a !== b && a.shot === b.shot && shared.out > shared.in;
}

/** The mean of the identity samples' embeddings by their quality; zero, which is like nothing, without any. */
function likenessOf({ identitySamples }: FaceTrack): Embedding {
  const sum = new Float32Array(identitySamples[0]?.embedding.length ?? 0);
  for (const { embedding, quality } of identitySamples) {
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i] + quality * embedding[i];
  }
  return normalised(sum);
}
