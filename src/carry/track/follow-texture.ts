import { type Crop, cropOfLandmarks } from '../../face/crop.ts';
import type { Landmarks } from '../../face/landmarks.ts';
import type { RgbPicture } from '../../face/networks.ts';
import { carryPoints, compose3, invert3, type Similarity3 } from '../../motion/similarity3.ts';
import { typicalDisagreement } from '../skip/adaptive-limits.ts';
import { beyondGrain, type SkipEvidence } from '../skip/skip.ts';
import { centroidOf } from '../smooth/still-centroid.ts';
import { extentOf } from './extent.ts';
import type { FaceMotion } from './face-motion.ts';
import { type FaceView, isViewFor } from './face-view.ts';
import { isBlindJump } from './jump.ts';
import type { LiveFace } from './live-face.ts';
import { movedCrop } from './moved-crop.ts';
import { lastOf } from './raw-track.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { Measures } from './tracking-context.ts';

/** What following a live face into a picture gave. */
export interface Followed {
  readonly view: FaceView | null;
  /** Motion from the frame before; null where it could not be measured, or is rejected as a jump. */
  readonly step: Similarity3 | null;
  /** The last landmarks, carried here. Without a step, landmarks and crop stay where they were. */
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
  const there = measures.view(picture, last, from);
  const motion: FaceMotion | null = from && there ? measures.motion(from, there, last) : null;
  const view = there && motion ? centredView(there, carryPoints(motion.step, last), picture, measures) : there;
  const chained = motion?.step && face.since ? compose3(motion.step, face.since) : null;
  const since = chained && view ? withoutDrift(face.placed, { frame, view }, chained, measures) : null;
  const found =
    since && since !== chained && face.since ? compose3(since, invert3(face.since)) : (motion?.step ?? null);
  const evidence = evidenceOf(face, { frame, from, view, step: found, since }, measures);
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

/**
 * The view where the face was, or one where it is now: a face that moved far has its mouth beyond the edge of the former, which
 * looked like a change of the mouth.
 */
function centredView(there: FaceView, carried: Landmarks, picture: RgbPicture, measures: Measures): FaceView {
  return isViewFor(there, carried) ? there : (measures.view(picture, carried, there) ?? there);
}

/** Greatest drift of a chain of steps for which the direct motion is accepted, over inter-ocular distance. */
const DRIFT = 0.04;

/**
 * Motion since the landmark network's last run, measured directly between the two views: over dirty film a chain of steps drifts.
 * The chain is returned where the two differ too much.
 */
function withoutDrift(
  { frame: ran, landmarks, view: from }: LiveFace['placed'],
  { frame, view }: { readonly frame: number; readonly view: FaceView },
  chained: Similarity3,
  measures: Measures,
): Similarity3 {
  if (frame - ran < 2 || !from || from.scale !== view.scale) return chained;
  const direct = measures.motion(from, view, landmarks)?.step;
  if (!direct) return chained;
  const apart = extentOf(compose3(invert3(chained), direct), landmarks);
  return apart <= DRIFT ? direct : chained;
}

/** What following a face's texture into a frame gave: both views, the step between them, and the motion since the last run. */
interface TextureStep {
  readonly frame: number;
  readonly from: FaceView | null;
  readonly view: FaceView | null;
  readonly step: Similarity3 | null;
  readonly since: Similarity3 | null;
}

function evidenceOf(face: LiveFace, { frame, from, view, step, since }: TextureStep, measures: Measures): SkipEvidence {
  const age = frame - face.placed.frame;
  const disagreement = typicalDisagreement(face);
  const { landmarks, view: placedView } = face.placed;
  if (!(from && view && step && since && placedView)) return { age, motion: Infinity, tiles: Infinity, disagreement };
  const motion = extentOf(since, landmarks);
  const grain = measures.change(from, lastOf(face.track).landmarks, view, step).nose;
  return { age, motion, tiles: beyondGrain(measures.change(placedView, landmarks, view, since), grain), disagreement };
}
