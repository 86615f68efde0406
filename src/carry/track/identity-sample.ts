import { similarity } from '../../face/embedding.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { RunReason } from './inference-counts.ts';
import type { LiveFace } from './live-face.ts';
import { ditheredCrop } from './moved-crop.ts';
import { lastOf, type RawTrack } from './raw-track.ts';
import { seeded } from './seeded.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { TrackingContext } from './tracking-context.ts';

/** Frames after which a track with only poor identity samples gets another one, if the face shows better by BETTER. */
const RETRY_IDENTITY = 6;
const POOR_QUALITY = 0.5;
const BETTER = 0.1;
/**
 * Share of the frames since the last identity sample in which the landmark network ran, from which a face counts as moving. A
 * still face needs no mean of crops.
 */
const MOVING = 0.5;

/**
 * Runs the recogniser on the track's last frame. While the face moves, the landmark network also runs on several crops, for a
 * mean that does not depend on one.
 */
export async function takeIdentitySample(
  face: LiveFace,
  shown: ShownFrame,
  reason: RunReason,
  context: TrackingContext,
): Promise<void> {
  const { networks, measures, options } = context;
  const { frame, picture } = shown;
  const { track } = face;
  const last = lastOf(track);
  const quality = measures.quality(picture, last.landmarks);
  track.identitySamples.push({ frame, embedding: await networks.embed(picture, last.landmarks, reason), quality });
  last.decision = { ...last.decision, recogniser: reason };
  // A heavy network's answer is better than a mean of the light one's.
  if (options.reuse && !networks.refine && last.origin === 'detected' && face.runs >= MOVING * options.identityEvery) {
    const mean = await meanOverCrops(face, shown, context);
    if (mean) track.means.push({ frame, landmarks: mean });
  }
  face.runs = 0;
  face.lastIdentitySample = frame;
  face.bestQuality = Math.max(face.bestQuality, quality);
}

/** True where the last identity sample is old, or was poor and the face shows better now. */
export function isIdentitySampleDue(
  face: LiveFace,
  { frame, picture }: ShownFrame,
  { measures, options }: TrackingContext,
): boolean {
  const age = frame - face.lastIdentitySample;
  if (age === 0) return false;
  if (!options.reuse || age >= options.identityEvery) return true;
  if (age < RETRY_IDENTITY || face.bestQuality >= POOR_QUALITY) return false;
  return measures.quality(picture, lastOf(face.track).landmarks) > face.bestQuality + BETTER;
}

/** Cosine between an embedding and the track's last one. */
export function likenessToLast(track: RawTrack, embedding: Float32Array): number {
  const last = track.identitySamples.at(-1);
  return last ? similarity(last.embedding, embedding) : 1;
}

/** Mean landmarks over crops that differ at random; null where no crop shows a face. */
async function meanOverCrops(
  face: LiveFace,
  { frame, picture }: ShownFrame,
  { networks, options }: TrackingContext,
): Promise<Landmarks | null> {
  const random = seeded(face.seed, frame, 1);
  const sum = new Float64Array(lastOf(face.track).landmarks.length);
  let seen = 0;
  for (let k = 0; k < options.averagedCrops; k++) {
    const { landmarks, presence } = await networks.place(
      picture,
      ditheredCrop(face.crop, random),
      'identity',
      face.isMirrored,
    );
    if (presence < options.presenceFloor) continue;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (landmarks[i] as number);
    seen += 1;
  }
  return seen > 0 ? Float32Array.from(sum, (v) => v / seen) : null;
}
