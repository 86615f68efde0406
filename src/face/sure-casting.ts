import { type CastLimits, type Person, similarityTo, thresholdAt } from './cast.ts';
import type { FaceTrack } from './track.ts';

/** How much more than to be cast a face must be like a person to be taken for nobody else, cosine. */
const MORE = 0.05;

/**
 * True where a track shows one person beyond doubt: half of its good identity samples reach the person's threshold and `MORE`, and none
 * of them stays below the threshold. One sample of another face, where the tracker went over from one head to another, is a doubt, and so
 * is a track without a good sample.
 */
export function isSurelyCast(track: FaceTrack, person: Person, limits: CastLimits): boolean {
  if (person.find.length === 0) return false;
  const above = track.identitySamples
    .filter(({ quality }) => quality >= limits.qualityFloor)
    .map(({ embedding, quality }) => similarityTo(embedding, person) - thresholdAt(quality, limits))
    .sort((a, b) => a - b);
  const middle = above[Math.floor((above.length - 1) / 2)];
  return middle !== undefined && middle >= MORE && (above[0] as number) >= 0;
}
