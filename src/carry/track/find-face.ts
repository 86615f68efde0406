import { cropOfDetection, cropOfLandmarks } from '../../face/crop.ts';
import type { Detection } from '../../face/observation.ts';
import { decisionOf } from './frame-decision.ts';
import { type LiveFace, liveFace } from './live-face.ts';
import { emptyTrack, type RawTrack } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { TrackingContext } from './tracking-context.ts';

/** A face with a new track of this one frame, from a detection; null where the landmark network sees no face there. */
export async function findFace(
  shown: ShownFrame,
  detection: Detection,
  { networks, measures, options }: TrackingContext,
): Promise<LiveFace | null> {
  const { frame, picture } = shown;
  const reason = options.reuse ? 'identity' : 'every';
  let seen = await networks.place(picture, cropOfDetection(detection), reason);
  if (seen.presence < options.presenceFloor) return null;
  // The network's answer depends on its crop. All later crops come from landmarks, so the first one does too.
  if (options.reuse) seen = await networks.place(picture, cropOfLandmarks(seen.landmarks), reason);
  if (seen.presence < options.presenceFloor) return null;
  const track: RawTrack = emptyTrack(frame);
  track.observations.push({
    landmarks: seen.landmarks,
    presence: seen.presence,
    light: measures.light(picture, seen.landmarks),
    step: null,
    film: null,
    origin: 'detected',
    decision: decisionOf(reason),
  });
  return liveFace(track, detection, shown, measures);
}
