import { cropOfLandmarks } from '../../face/crop.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { carryPoints, type Similarity3 } from '../../motion/similarity3.ts';
import { decisionOf } from './frame-decision.ts';
import type { LiveFace } from './live-face.ts';
import { MOST_MISSING } from './missing-frames.ts';
import type { RawObservation } from './raw-observation.ts';
import { agrees, isPlausible, joinTo, prepend, type RawTrack, shows } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { Measures, TrackingContext } from './tracking-context.ts';

/**
 * Follows a new face back through the frames since the last sweep, to the frame where it entered. Where it meets an ended track
 * of the same face, the two become one: a face that was lost for a moment has one track.
 *
 * @param recent pictures since the last sweep; the last one shows the track's only observation
 * @param ended tracks that have ended
 * @returns the ended track that the new one now includes, or null
 */
export async function backtrack(
  { track, isMirrored }: LiveFace,
  recent: readonly ShownFrame[],
  ended: readonly RawTrack[],
  { networks, measures, options }: TrackingContext,
): Promise<RawTrack | null> {
  let later = (recent.at(-1) as ShownFrame).picture;
  for (const { frame, picture } of recent.slice(0, -1).reverse()) {
    if (track.in - 1 - frame > MOST_MISSING) return null;
    const next = (track.observations[0] as RawObservation).landmarks;
    const back = motionOf(later, picture, next, measures);
    const seen = await networks.place(
      picture,
      cropOfLandmarks(back ? carryPoints(back, next) : next),
      'backtrack',
      isMirrored,
    );
    if (seen.presence < options.presenceFloor || !isPlausible(next, seen.landmarks)) return null;
    const forth = motionOf(picture, later, seen.landmarks, measures);
    const step = forth && agrees(forth, seen.landmarks, next) ? forth : null;
    const continued = ended.find((earlier) => shows(earlier, frame, seen.landmarks));
    if (continued) {
      joinTo(continued, track, step);
      return continued;
    }
    const observation: RawObservation = {
      landmarks: seen.landmarks,
      presence: seen.presence,
      light: measures.light(picture, seen.landmarks),
      step: null,
      film: null,
      origin: 'detected',
      decision: decisionOf('backtrack'),
    };
    prepend(track, frame, observation, step);
    later = picture;
  }
  return null;
}

function motionOf(from: RgbPicture, to: RgbPicture, landmarks: Landmarks, measures: Measures): Similarity3 | null {
  const before = measures.view(from, landmarks, null);
  const after = measures.view(to, landmarks, before);
  return (before && after && measures.motion(before, after, landmarks)?.step) ?? null;
}
