import type { Detection } from '../../face/observation.ts';
import { appendPlaced, type LostFace } from './follow-face.ts';
import type { LiveFace } from './live-face.ts';
import { MOST_MISSING } from './missing-frames.ts';
import { placeDetected } from './place-detected.ts';
import { append, isPlausible, lastOf } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { TrackingContext } from './tracking-context.ts';

/**
 * Keeps a face that the landmark network lost from one frame to the next, where the detector still sees it in the same place. The
 * network looks again, at the detector's crop. Where it sees no face there either, the face is carried by its texture for a few
 * frames: small, noisy and turned faces have such lapses, and would else be a dozen tracks.
 *
 * @param detection what the detector sees where the face was
 * @returns false where the face is lost all the same
 */
export async function keepFace(
  face: LiveFace,
  { followed, decision, presence }: LostFace,
  { shown, detection }: { readonly shown: ShownFrame; readonly detection: Detection },
  context: TrackingContext,
): Promise<boolean> {
  const { frame, picture, film } = shown;
  const { measures, options } = context;
  // Where reuse is off, the network has looked at the detector's crop already.
  const seen = options.reuse ? await placeDetected(shown, detection, 'loss', context) : null;
  if (seen && isPlausible(lastOf(face.track).landmarks, seen.landmarks)) {
    appendPlaced(face, { shown, followed, decision, seen }, measures);
    return true;
  }
  if (!followed.step || frame - face.placed.frame > MOST_MISSING) return false;
  append(face.track, frame, {
    landmarks: followed.carried,
    presence,
    light: measures.light(picture, followed.carried),
    step: followed.step,
    film,
    origin: 'carried',
    decision: { ...decision, landmarker: 'lapse' },
  });
  face.crop = followed.crop;
  face.since = followed.since;
  return true;
}
