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

/** Where a heavy landmark network saw the face's landmarks. */
export interface Refinement {
  readonly frame: number;
  readonly landmarks: Landmarks;
}

/**
 * A track before it is smoothed. It has an observation for every frame from its first to its last: a face that was hidden for longer
 * than a look back bridges comes back as another track, since a frame in which it cannot be seen must not be painted. Casting
 * brings both together by their embeddings.
 */
export interface RawTrack {
  in: number;
  /** Entry `k` belongs to frame `in + k`. */
  readonly observations: RawObservation[];
  readonly identitySamples: IdentitySample[];
  readonly means: CropMean[];
  readonly audits: Audit[];
  /** What a heavy landmark network said, by rising frame. */
  readonly refinements: Refinement[];
  /** How many times carrying it was found off. */
  limitHalvings: number;
}

export function emptyTrack(frame: number): RawTrack {
  return { in: frame, observations: [], identitySamples: [], means: [], audits: [], refinements: [], limitHalvings: 0 };
}

export function lastOf(track: RawTrack): RawObservation {
  return track.observations.at(-1) as RawObservation;
}

/** The first frame that is no longer in the track. */
export function outOf(track: RawTrack): number {
  return track.in + track.observations.length;
}

/** Goes on with a track in a frame behind its last, bridging those between that are missing. */
export function append(track: RawTrack, frame: number, observation: RawObservation): void {
  track.observations.push(...acrossMissing(lastOf(track), observation, frame - outOf(track)));
}

/** Takes back a track's last observation, and those that only bridged the way to it. */
export function withdrawLast({ observations }: RawTrack): void {
  do observations.pop();
  while (observations.at(-1)?.decision.landmarker === 'missing');
}

/** Begins a track in a frame before its first, bridging those between that are missing. `step` carries the one to the other. */
export function prepend(track: RawTrack, frame: number, observation: RawObservation, step: Similarity3 | null): void {
  const first = track.observations.shift() as RawObservation;
  track.observations.unshift(observation, ...acrossMissing(observation, { ...first, step }, track.in - 1 - frame));
  track.in = frame;
}

/**
 * Puts an earlier track before a later one that continues it, where the earlier may have gone on for some frames: those of the
 * later count. Missing frames between them are bridged. `step` carries the last face that is kept of the earlier to the later's first.
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

/** Farthest, in inter-ocular distances, that landmarks may lie from where a tracked step leads: beyond it the step is wrong. */
const OFF_COURSE = 0.3;

/** True where a step carries the face to where it was seen. */
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

/** Between two frames a face neither jumps by more than its own width nor changes its size by half. */
export function isPlausible(before: Landmarks, after: Landmarks): boolean {
  const a = fivePoints(before);
  const b = fivePoints(after);
  const size = interOcular(a);
  const ratio = interOcular(b) / size;
  const jump = Math.hypot((a[4] as number) - (b[4] as number), (a[5] as number) - (b[5] as number)) / size;
  return jump < 2 && ratio > 0.6 && ratio < 1.7;
}
