import type { Landmarks } from '../../face/landmarks.ts';
import type { LiveFace } from '../track/live-face.ts';
import type { RawTrack } from '../track/raw-track.ts';
import { carriedError } from './carried-error.ts';

/** Looks after which it is known how far a face's looks differ, and how many the mean remembers. */
const FEWEST_RUNS = 4;
const REMEMBERED = 6;

/** Typical distance between the network's looks at a face and what carrying said; infinite until a few looks have shown it. */
export function typicalDisagreement(face: LiveFace): number {
  return face.compared >= FEWEST_RUNS ? face.disagreement : Infinity;
}

/** Takes a look's distance from what carrying said into the mean. */
export function compare(face: LiveFace, distance: number): void {
  face.compared += 1;
  face.disagreement += (distance - face.disagreement) / Math.min(face.compared, REMEMBERED);
}

/** Distance, over inter-ocular distance, from which carrying counts as off: still parts, and lips or lids. */
const RIGID_BOUND = 0.02;
const EXPRESSION_BOUND = 0.035;
const MOST_HALVINGS = 3;

/** Takes what was found by looking where carrying had an answer too: a face carried badly is carried more cautiously. */
export function learn(track: RawTrack, carried: Landmarks, placed: Landmarks): void {
  const error = carriedError(carried, placed);
  if (error.rigid <= RIGID_BOUND && Math.max(error.lips, error.lids) <= EXPRESSION_BOUND) return;
  if (track.limitHalvings < MOST_HALVINGS) track.limitHalvings += 1;
}

/** ≥ 1: what the limits of a rest are divided by on a track that was carried badly. */
export function limitDivisorOf({ limitHalvings }: RawTrack): number {
  return 2 ** limitHalvings;
}
