import { type Crop, cropOfLandmarks } from '../face/crop.ts';
import { similarity } from '../face/embedding.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Detection } from '../face/sighting.ts';
import { compose, IDENTITY, invert, type Similarity, transformLandmarks } from '../face/similarity.ts';
import { carriedError } from './carried-error.ts';
import { type FaceMotion, type FaceView, isViewFor } from './face-motion.ts';
import { movedCrop } from './moved-crop.ts';
import { lastOf, type RawTrack } from './raw-track.ts';
import { beyondGrain, extentOf, type RestEvidence } from './rest.ts';
import type { Measures } from './sight-shot.ts';

/** A face that is being followed. */
export interface LiveFace {
  readonly track: RawTrack;
  /** What dithering and audits are seeded with: the frame in which the face was found, and which one it was there. */
  readonly seed: number;
  lastAnchor: number;
  bestQuality: number;
  /** Sweeps in a row that found no face where this track is. */
  unseen: number;
  /** The face in the last picture, made ready for following. */
  view: FaceView | null;
  /** The crop for the next look, carried along with the face. */
  crop: Crop;
  /** The landmark network's last look: frame, its landmarks, and the view of that frame. */
  placed: { readonly frame: number; readonly landmarks: Landmarks; readonly view: FaceView | null };
  /** Carries the frame of that look to the last frame; null where tracking lost count. */
  since: Similarity | null;
  /** ≥ 1: limits are divided by it, because carrying this face was off. */
  caution: number;
  /** Recent distances between looks and what carrying said, over inter-ocular distance, and how many there were. */
  disagreement: number;
  compared: number;
  /** Frames since the last anchor in which the landmark network looked. */
  looks: number;
}

export function liveFace(
  track: RawTrack,
  seed: number,
  frame: number,
  picture: RgbPicture,
  measures: Measures,
): LiveFace {
  const { landmarks } = lastOf(track);
  const view = measures.view(picture, landmarks, null);
  return {
    track,
    seed,
    lastAnchor: -Infinity,
    bestQuality: 0,
    unseen: 0,
    view,
    crop: cropOfLandmarks(landmarks),
    placed: { frame, landmarks, view },
    since: IDENTITY,
    caution: 1,
    disagreement: 0,
    compared: 0,
    looks: 0,
  };
}

/** How a live face came into a picture. */
export interface Followed {
  readonly view: FaceView | null;
  readonly step: Similarity | null;
  /** The last landmarks, carried here. */
  readonly carried: Landmarks;
  readonly crop: Crop;
  readonly since: Similarity | null;
  readonly evidence: RestEvidence;
}

/** Follows the face's texture into the next picture, without a network. */
export function followTexture(
  face: LiveFace,
  frame: number,
  before: RgbPicture | undefined,
  picture: RgbPicture,
  measures: Measures,
): Followed {
  const last = lastOf(face.track).landmarks;
  const from = face.view && isViewFor(face.view, last) ? face.view : before ? measures.view(before, last, null) : null;
  const view = measures.view(picture, last, from);
  const motion: FaceMotion | null = from && view ? measures.motion(from, view, last) : null;
  const chained = motion?.step && face.since ? compose(motion.step, face.since) : null;
  const since = chained && view ? withoutDrift(face, frame, view, chained, measures) : null;
  const step = since && since !== chained && face.since ? compose(since, invert(face.since)) : (motion?.step ?? null);
  return {
    view,
    step,
    carried: step ? transformLandmarks(step, last) : last,
    crop: step ? movedCrop(face.crop, step) : cropOfLandmarks(last),
    since,
    evidence: evidenceOf(face, frame, from, view, step, since, measures),
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
  chained: Similarity,
  measures: Measures,
): Similarity {
  const { frame: looked, landmarks, view: from } = face.placed;
  if (frame - looked < 2 || !from || from.scale !== view.scale) return chained;
  const direct = measures.motion(from, view, landmarks)?.step;
  if (!direct) return chained;
  const five = fivePoints(landmarks);
  const apart = extentOf(compose(invert(chained), direct), five[4] as number, five[5] as number, interOcular(five));
  return apart <= DRIFT ? direct : chained;
}

function evidenceOf(
  face: LiveFace,
  frame: number,
  from: FaceView | null,
  view: FaceView | null,
  step: Similarity | null,
  since: Similarity | null,
  measures: Measures,
): RestEvidence {
  const age = frame - face.placed.frame;
  const disagreement = face.compared >= FEWEST_LOOKS ? face.disagreement : Infinity;
  const { landmarks, view: placedView } = face.placed;
  if (!(from && view && step && since && placedView)) return { age, motion: Infinity, tiles: Infinity, disagreement };
  const five = fivePoints(landmarks);
  const motion = extentOf(since, five[4] as number, five[5] as number, interOcular(five));
  const grain = measures.change(from, lastOf(face.track).landmarks, view, step).nose;
  return { age, motion, tiles: beyondGrain(measures.change(placedView, landmarks, view, since), grain), disagreement };
}

/** Looks after which it is known how far a face's looks differ, and how many the mean remembers. */
const FEWEST_LOOKS = 4;
const REMEMBERED = 6;

/** Takes a look's distance from what carrying said into the mean. */
export function compare(face: LiveFace, distance: number): void {
  face.compared += 1;
  face.disagreement += (distance - face.disagreement) / Math.min(face.compared, REMEMBERED);
}

/** Distance, over inter-ocular distance, from which carrying counts as off: still parts, and lips or lids. */
const RIGID_BOUND = 0.02;
const EXPRESSION_BOUND = 0.035;
const MOST_CAUTION = 8;

/** Takes what was found by looking where carrying had an answer too: a face carried badly is carried more cautiously. */
export function learn(face: LiveFace, carried: Landmarks, placed: Landmarks): void {
  const error = carriedError(carried, placed);
  if (error.rigid <= RIGID_BOUND && Math.max(error.lips, error.lids) <= EXPRESSION_BOUND) return;
  if (face.caution >= MOST_CAUTION) return;
  face.caution *= 2;
  face.track.cautions += 1;
}

/** Cosine between an embedding and the track's last one. */
export function likenessToLast(track: RawTrack, embedding: Float32Array): number {
  const last = track.anchors.at(-1);
  return last ? similarity(last.embedding, embedding) : 1;
}

/** The best detection's place in the order of a picture's faces, for seeds. */
export function seedOf(frame: number, { box }: Detection): number {
  return (frame * 73856093) ^ (Math.round(box[0]) * 19349663) ^ (Math.round(box[1]) * 83492791);
}
