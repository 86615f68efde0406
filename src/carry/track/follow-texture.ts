import { type Crop, cropOfLandmarks } from '../../face/crop.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { carryPoints, compose3, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { typicalDisagreement } from '../skip/adaptive-limits.ts';
import { beyondGrain, type SkipEvidence } from '../skip/skip.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { extentOf } from './extent.ts';
import { type FaceMotion, type FaceView, isViewFor } from './face-motion.ts';
import { isBlindJump } from './jump.ts';
import type { LiveFace } from './live-face.ts';
import { movedCrop } from './moved-crop.ts';
import { lastOf } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { Measures } from './tracking-context.ts';

/** How a live face came into a picture. */
export interface Followed {
  readonly view: FaceView | null;
  /** From the frame before; null where tracking could not tell, or is not to be believed. */
  readonly step: Similarity3 | null;
  /** The last landmarks, carried here; where they were without a step, and so is the crop then. */
  readonly carried: Landmarks;
  readonly crop: Crop;
  readonly since: Similarity3 | null;
  readonly evidence: SkipEvidence;
}

/** Follows the face's texture into the next picture, without a network. */
export function followTexture(
  face: LiveFace,
  before: RgbPicture | undefined,
  { frame, picture }: ShownFrame,
  measures: Measures,
): Followed {
  const last = lastOf(face.track).landmarks;
  const from = face.view && isViewFor(face.view, last) ? face.view : before ? measures.view(before, last, null) : null;
  const view = measures.view(picture, last, from);
  const motion: FaceMotion | null = from && view ? measures.motion(from, view, last) : null;
  const chained = motion?.step && face.since ? compose3(motion.step, face.since) : null;
  const since = chained && view ? withoutDrift(face, frame, view, chained, measures) : null;
  const found =
    since && since !== chained && face.since ? compose3(since, invert3(face.since)) : (motion?.step ?? null);
  const evidence = evidenceOf(face, frame, from, view, found, since, measures);
  const step = isBlindJump(evidence) ? null : found;
  return {
    view,
    step,
    carried: step ? carryPoints(step, last) : last,
    crop: step ? movedCrop(face.crop, step, centroidOf(last)[2]) : cropOfLandmarks(last),
    since,
    evidence,
  };
}

/** Farthest, over inter-ocular distance, that a chain of steps may have drifted for the direct motion to be believed. */
const DRIFT = 0.04;

/**
 * During a rest, the motion measured straight from the view of the last look: steps chained over dirty film drift, this does not.
 * The chain where the two differ too much.
 */
function withoutDrift(
  face: LiveFace,
  frame: number,
  view: FaceView,
  chained: Similarity3,
  measures: Measures,
): Similarity3 {
  const { frame: ran, landmarks, view: from } = face.placed;
  if (frame - ran < 2 || !from || from.scale !== view.scale) return chained;
  const direct = measures.motion(from, view, landmarks)?.step;
  if (!direct) return chained;
  const apart = extentOf(compose3(invert3(chained), direct), landmarks);
  return apart <= DRIFT ? direct : chained;
}

function evidenceOf(
  face: LiveFace,
  frame: number,
  from: FaceView | null,
  view: FaceView | null,
  step: Similarity3 | null,
  since: Similarity3 | null,
  measures: Measures,
): SkipEvidence {
  const age = frame - face.placed.frame;
  const disagreement = typicalDisagreement(face);
  const { landmarks, view: placedView } = face.placed;
  if (!(from && view && step && since && placedView)) return { age, motion: Infinity, tiles: Infinity, disagreement };
  const motion = extentOf(since, landmarks);
  const grain = measures.change(from, lastOf(face.track).landmarks, view, step).nose;
  return { age, motion, tiles: beyondGrain(measures.change(placedView, landmarks, view, since), grain), disagreement };
}
