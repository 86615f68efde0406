import { type Crop, cropOfLandmarks } from '../face/crop.ts';
import { similarity } from '../face/embedding.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import type { RgbPicture } from '../face/networks.ts';
import type { Detection } from '../face/sighting.ts';
import { compose, IDENTITY, type Similarity, transformLandmarks } from '../face/similarity.ts';
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
  const step = motion?.step ?? null;
  const since = step && face.since ? compose(step, face.since) : null;
  return {
    view,
    step,
    carried: step ? transformLandmarks(step, last) : last,
    crop: step ? movedCrop(face.crop, step) : cropOfLandmarks(last),
    since,
    evidence: evidenceOf(face, frame, from, view, step, since, measures),
  };
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
  const { landmarks, view: placedView } = face.placed;
  if (!(from && view && step && since && placedView)) return { age, motion: Infinity, tiles: Infinity };
  const five = fivePoints(landmarks);
  const motion = extentOf(since, five[4] as number, five[5] as number, interOcular(five));
  const grain = measures.change(from, lastOf(face.track).landmarks, view, step).nose;
  return { age, motion, tiles: beyondGrain(measures.change(placedView, landmarks, view, since), grain) };
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
