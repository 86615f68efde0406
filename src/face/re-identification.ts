import { overlap } from '../film/range.ts';
import { type Embedding, normalised, similarity } from './embedding.ts';
import type { FaceTrack } from './track.ts';

/**
 * Groups tracks by the face that they show. A face that is hidden or leaves the picture, and comes back within the shot, begins
 * another track, since a track has no gaps. Tracks with similar embeddings that are never in view at once are one face; the most
 * similar are joined first.
 *
 * @param alike cosine from which two tracks count as one person
 */
export function facesOfTracks(tracks: readonly FaceTrack[], alike: number): FaceTrack[][] {
  const likenesses = new Map(tracks.map((track) => [track, likenessOf(track)]));
  const cosine = (a: FaceTrack, b: FaceTrack) =>
    similarity(likenesses.get(a) as Embedding, likenesses.get(b) as Embedding);
  const pairs = tracks
    .flatMap((a, k) => tracks.slice(k + 1).map((b) => ({ a, b, cosine: a.shot === b.shot ? cosine(a, b) : -1 })))
    .filter((pair) => pair.cosine >= alike)
    .sort((p, q) => q.cosine - p.cosine);
  const faces = new Map(tracks.map((track) => [track, [track]]));
  for (const { a, b } of pairs) {
    const [one, other] = [faces.get(a) as FaceTrack[], faces.get(b) as FaceTrack[]];
    if (one === other || one.some((track) => other.some((beside) => isBeside(track, beside)))) continue;
    const joined = [...one, ...other].sort((p, q) => p.in - q.in);
    for (const track of joined) faces.set(track, joined);
  }
  return [...new Set(faces.values())];
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
