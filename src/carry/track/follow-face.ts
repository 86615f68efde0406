import { cropOfDetection, cropOfLandmarks } from '../../face/crop.ts';
import type { RgbPicture } from '../../face/networks.ts';
import type { Detection } from '../../face/observation.ts';
import type { Placed } from '../../face/second-look.ts';
import { IDENTITY3 } from '../../motion/similarity3.ts';
import { compare, learn, limitDivisorOf } from '../skip/adaptive-limits.ts';
import { carriedError } from '../skip/carried-error.ts';
import { verdictOf } from '../skip/skip.ts';
import { type Followed, followTexture } from './follow-texture.ts';
import type { FrameDecision } from './frame-decision.ts';
import { likenessToLast } from './identity-sample.ts';
import { isContradictedJump } from './jump.ts';
import type { LiveFace } from './live-face.ts';
import { steadiedCrop } from './moved-crop.ts';
import { agrees, append, isPlausible, lastOf } from './raw-track.ts';
import { seeded } from './seeded.ts';
import type { ShownFrame } from './shown-frame.ts';
import type { Measures, TrackingContext } from './tracking-context.ts';

/** The frame that a face is followed into. */
export interface FrameToFollow {
  readonly shown: ShownFrame;
  /** The previous picture. */
  readonly before: RgbPicture | undefined;
  /** What the detector found of the face in this frame, if it ran: its crop is used instead of the carried one. */
  readonly detection: Detection | undefined;
}

/** A face that the landmark network does not see in a frame any more: what its texture showed there. */
export interface LostFace {
  readonly followed: Followed;
  readonly decision: FrameDecision;
  /** The network's low presence. */
  readonly presence: number;
}

/**
 * Follows a live face into a frame: by its texture, and by a run of the landmark network unless that can be skipped.
 *
 * @returns null, or where the face is lost what is known of it
 */
export async function followFace(
  face: LiveFace,
  { shown, before, detection }: FrameToFollow,
  context: TrackingContext,
): Promise<LostFace | null> {
  const { networks, measures, options } = context;
  const { frame, picture, film } = shown;
  const followed = followTexture(face, before, shown, measures);
  const limitDivisor = limitDivisorOf(face.track);
  const verdict = options.reuse ? verdictOf(followed.evidence, options.skip, limitDivisor) : 'every';
  const last = lastOf(face.track);
  const { age, motion, tiles } = followed.evidence;
  const decision: FrameDecision = {
    landmarker: verdict,
    recogniser: null,
    refiner: null,
    limitDivisor,
    age,
    motion: Number.isFinite(motion) ? motion : null,
    tiles: Number.isFinite(tiles) ? tiles : null,
    disagreement: null,
  };
  face.view = followed.view;
  if (verdict === 'skip') {
    face.since = followed.since;
    face.crop = followed.crop;
    append(face.track, frame, {
      landmarks: followed.carried,
      presence: last.presence,
      light: measures.light(picture, followed.carried),
      step: followed.step,
      film,
      origin: 'carried',
      decision,
    });
    await audit(face, shown, followed, context);
    return null;
  }
  const seen = await networks.place(
    picture,
    detection ? cropOfDetection(detection) : followed.crop,
    options.reuse ? 'follow' : 'every',
    face.isMirrored,
  );
  if (seen.presence < options.presenceFloor || !isPlausible(last.landmarks, seen.landmarks)) {
    return { followed, decision, presence: seen.presence };
  }
  appendPlaced(face, { shown, followed, decision, seen }, measures);
  // Where only age ended the skipping, carried and new landmarks should agree.
  if (verdict === 'age' && age > 1) learn(face.track, followed.carried, seen.landmarks);
  return null;
}

/** A frame into which a face was followed, and where the landmark network sees it there. */
export interface PlacedFrame {
  readonly shown: ShownFrame;
  readonly followed: Followed;
  readonly decision: FrameDecision;
  readonly seen: Placed;
}

/** Adds what the landmark network saw to the face's track. */
export function appendPlaced(
  face: LiveFace,
  { shown: { frame, picture, film }, followed, decision, seen }: PlacedFrame,
  measures: Measures,
): void {
  const last = lastOf(face.track);
  const error = carriedError(followed.carried, seen.landmarks);
  const isFollowed =
    followed.step &&
    agrees(followed.step, last.landmarks, seen.landmarks) &&
    !isContradictedJump(followed.evidence, error.rigid);
  const step = isFollowed ? followed.step : null;
  append(face.track, frame, {
    landmarks: seen.landmarks,
    presence: seen.presence,
    light: measures.light(picture, seen.landmarks),
    step,
    film,
    origin: 'detected',
    decision: step ? { ...decision, disagreement: error.all } : decision,
  });
  if (step) compare(face, error.rigid);
  const own = cropOfLandmarks(seen.landmarks);
  face.crop = step ? steadiedCrop(followed.crop, own) : own;
  face.isMirrored = seen.isMirrored;
  face.placed = { frame, landmarks: seen.landmarks, view: followed.view };
  face.since = IDENTITY3;
  face.runs += 1;
}

/** Makes some of the skipped runs all the same. Their answers are compared, not used. */
async function audit(
  face: LiveFace,
  { frame, picture }: ShownFrame,
  { carried, crop }: Followed,
  { networks, options }: TrackingContext,
): Promise<void> {
  if (seeded(face.seed, frame, 2)() >= options.auditShare) return;
  const seen = await networks.place(picture, crop, 'audit', face.isMirrored);
  const embedding = await networks.embed(picture, carried, 'audit');
  const { rigid, lips, lids } = carriedError(carried, seen.landmarks);
  face.track.audits.push({ frame, rigid, lips, lids, cosine: likenessToLast(face.track, embedding) });
  learn(face.track, carried, seen.landmarks);
}
