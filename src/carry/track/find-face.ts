import type { Detection } from '../../face/observation.ts';
import { decisionOf } from './frame-decision.ts';
import { type LiveFace, liveFace } from './live-face.ts';
import { placeDetected } from './place-detected.ts';
import { emptyTrack, type RawTrack } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { TrackingContext } from './tracking-context.ts';

/** A face with a new track of this one frame, from a detection; null where the landmark network sees no face there. */
export async function findFace(
  shown: ShownFrame,
  detection: Detection,
  context: TrackingContext,
): Promise<LiveFace | null> {
  const { measures, options } = context;
  const reason = options.reuse ? 'identity' : 'every';
  const seen = await placeDetected(shown, detection, reason, context);
  if (!seen) return null;
  const track: RawTrack = emptyTrack(shown.frame);
  track.observations.push({
    landmarks: seen.landmarks,
    presence: seen.presence,
    light: measures.light(shown.picture, seen.landmarks),
    step: null,
    film: null,
    origin: 'detected',
    decision: decisionOf(reason),
  });
  return liveFace(track, { detection, isMirrored: seen.isMirrored }, shown, measures);
}
