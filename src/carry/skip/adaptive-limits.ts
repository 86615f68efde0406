import type { Landmarks } from '../../face/landmarks.ts';
import type { LiveFace } from '../track/live-face.ts';
import type { RawTrack } from '../track/raw-track.ts';
import { carriedError } from './carried-error.ts';

/** Comparisons that the mean needs, and the number that it spans. */
const FEWEST_COMPARISONS = 4;
const REMEMBERED = 6;

/** Typical distance between the network's landmarks of a face and carried ones; infinite until there are a few comparisons. */
export function typicalDisagreement(face: LiveFace): number {
  return face.compared >= FEWEST_COMPARISONS ? face.disagreement : Infinity;
}

/** Adds the distance between the network's landmarks and carried ones to the mean. */
export function compare(face: LiveFace, distance: number): void {
  face.compared += 1;
  face.disagreement += (distance - face.disagreement) / Math.min(face.compared, REMEMBERED);
}

/** Greatest error of carrying that does not count as off, over inter-ocular distance: of still parts, and of lips or lids. */
const RIGID_BOUND = 0.02;
const EXPRESSION_BOUND = 0.035;
/** Limits are halved no more often than this, to an eighth. */
const MOST_HALVINGS = 3;

/** Compares carried landmarks with the network's. Where carrying was off, the face's limits are halved from here on. */
export function learn(track: RawTrack, carried: Landmarks, placed: Landmarks): void {
  const error = carriedError(carried, placed);
  if (error.rigid <= RIGID_BOUND && Math.max(error.lips, error.lids) <= EXPRESSION_BOUND) return;
  if (track.limitHalvings < MOST_HALVINGS) track.limitHalvings += 1;
}

/** ≥ 1: divisor of the limits of skipping, above 1 on a track that was carried badly. */
export function limitDivisorOf({ limitHalvings }: RawTrack): number {
  return 2 ** limitHalvings;
}
