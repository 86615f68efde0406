import { cropOfDetection, cropOfLandmarks } from '../../face/crop.ts';
import type { Detection } from '../../face/observation.ts';
import type { Placed } from '../../face/second-look.ts';
import type { RunReason } from './inference-counts.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { TrackingContext } from './tracking-context.ts';

/** A detected face as the landmark network sees it; null where it sees none. */
export async function placeDetected(
  { picture }: ShownFrame,
  detection: Detection,
  reason: RunReason,
  { networks, options }: TrackingContext,
): Promise<Placed | null> {
  let seen = await networks.place(picture, cropOfDetection(detection), reason);
  if (seen.presence < options.presenceFloor) return null;
  // The network's answer depends on its crop. All later crops come from landmarks, so the first one does too.
  if (options.reuse) seen = await networks.place(picture, cropOfLandmarks(seen.landmarks), reason, seen.isMirrored);
  return seen.presence < options.presenceFloor ? null : seen;
}
