import { overlapOf } from '../../face/associate.ts';
import { boxOfLandmarks } from '../../face/box.ts';
import { fivePoints, interOcular, type Landmarks } from '../../face/landmarks.ts';
import type { Box } from '../../face/observation.ts';
import type { IdentitySample } from '../../face/track.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';
import type { Audit } from './frame-decision.ts';
import { acrossMissing } from './missing-frames.ts';
import type { RawObservation } from './raw-observation.ts';

/** Landmarks of one frame averaged over several crops. */
export interface CropMean {
  readonly frame: number;
  readonly landmarks: Landmarks;
}

/** Landmarks that a heavy network placed in one frame. */
export interface Refinement {
  readonly frame: number;
  readonly landmarks: Landmarks;
}

/**
 * A track before smoothing, with an observation for every frame from its first to its last. A face that was hidden for longer
 * than backtracking bridges gets another track, since frames in which it cannot be seen must not be painted. Casting unites both
 * by their embeddings.
 */
export interface RawTrack {
  in: number;
  /** Entry `k` belongs to frame `in + k`. */
  readonly observations: RawObservation[];
  readonly identitySamples: IdentitySample[];
  readonly means: CropMean[];
  readonly audits: Audit[];
  /** Answers of a heavy landmark network, by rising frame. */
  readonly refinements: Refinement[];
  /** How many times its limits of skipping were halved. */
  limitHalvings: number;
}

export function emptyTrack(frame: number): RawTrack {
  return { in: frame, observations: [], identitySamples: [], means: [], audits: [], refinements: [], limitHalvings: 0 };
}

export function lastOf(track: RawTrack): RawObservation {
  return track.observations.at(-1) as RawObservation;
}

/** The first frame that is not in the track. */
export function outOf(track: RawTrack): number {
  return track.in + track.observations.length;
}

/** Adds an observation in a frame after the track's last, and bridges missing frames between them. */
export function append(track: RawTrack, frame: number, observation: RawObservation): void {
  track.observations.push(...acrossMissing(lastOf(track), observation, frame - outOf(track)));
}

/** Removes a track's last observation, and those of missing frames just before it. */
export function withdrawLast({ observations }: RawTrack): void {
  do observations.pop();
  while (observations.at(-1)?.decision.landmarker === 'missing');
}

/**
 * Adds an observation in a frame before the track's first, and bridges missing frames between them. `step` carries the new first
 * to the old one.
 */
export function prepend(track: RawTrack, frame: number, observation: RawObservation, step: Similarity3 | null): void {
  const first = track.observations.shift() as RawObservation;
  track.observations.unshift(observation, ...acrossMissing(observation, { ...first, step }, track.in - 1 - frame));
  track.in = frame;
}

/**
 * Joins an earlier track to a later one that continues it, and bridges missing frames between them. Where both have a frame, the
 * later one's observation is kept. `step` carries the last observation that is kept of the earlier track to the first of the
 * later.
 */
export function joinTo(earlier: RawTrack, later: RawTrack, step: Similarity3 | null): void {
  const out = later.in;
  const isKept = ({ frame }: { readonly frame: number }) => frame < out;
  const kept = earlier.observations.slice(0, out - earlier.in);
  const first = later.observations.shift() as RawObservation;
  const missing = out - earlier.in - kept.length;
  later.observations.unshift(...kept, ...acrossMissing(kept.at(-1) as RawObservation, { ...first, step }, missing));
  later.identitySamples.unshift(...earlier.identitySamples.filter(isKept));
  later.means.unshift(...earlier.means.filter(isKept));
  later.audits.unshift(...earlier.audits.filter(isKept));
  later.refinements.unshift(...earlier.refinements.filter(isKept));
  later.limitHalvings = Math.max(later.limitHalvings, earlier.limitHalvings);
  later.in = earlier.in;
}

/** Intersection over union from which two faces in one frame are one. */
const ONE_FACE = 0.5;

/** True where the track shows that face in that frame. */
export function shows(track: RawTrack, frame: number, landmarks: Landmarks): boolean {
  const own = track.observations[frame - track.in];
  return own !== undefined && overlapOf(boxOfLandmarks(own.landmarks), boxOfLandmarks(landmarks)) >= ONE_FACE;
}

/** Greatest distance of landmarks from where a tracked step leads, inter-ocular distances. Beyond it the step is wrong. */
const OFF_COURSE = 0.3;

/** True where a step carries the face to about where the network placed it. */
export function agrees({ m, t }: Similarity3, before: Landmarks, after: Landmarks): boolean {
  const from = fivePoints(before);
  const to = fivePoints(after);
  const [x, y] = [from[4] as number, from[5] as number];
  const dx = m[0] * x + m[1] * y + t[0] - (to[4] as number);
  const dy = m[3] * x + m[4] * y + t[1] - (to[5] as number);
  return Math.hypot(dx, dy) <= OFF_COURSE * interOcular(to);
}

/** The upright box around the track's last face. */
export function lastBox(track: RawTrack): Box {
  return boxOfLandmarks(lastOf(track).landmarks);
}

/** Intersection over union of the track's last face with another. */
export function overlapWith(track: RawTrack, landmarks: Landmarks): number {
  return overlapOf(lastBox(track), boxOfLandmarks(landmarks));
}

/** Greatest motion of a face between two frames, inter-ocular distances, and least and greatest ratio of its sizes. */
const FARTHEST = 2;
const SHRINKS = 0.6;
const GROWS = 1.7;

/** False where a face moves or changes its size by more than it can between two frames. */
export function isPlausible(before: Landmarks, after: Landmarks): boolean {
  const a = fivePoints(before);
  const b = fivePoints(after);
  const size = interOcular(a);
  const ratio = interOcular(b) / size;
  const moved = Math.hypot((a[4] as number) - (b[4] as number), (a[5] as number) - (b[5] as number)) / size;
  return moved < FARTHEST && ratio > SHRINKS && ratio < GROWS;
}
