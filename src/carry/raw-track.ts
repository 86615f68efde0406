import { overlapOf } from '../face/associate.ts';
import { boxOfLandmarks } from '../face/box.ts';
import type { Embedding } from '../face/embedding.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import type { Box, Light } from '../face/sighting.ts';
import { applyX, applyY, type Similarity } from '../face/similarity.ts';

/** A track in the pixels of the pictures that were looked at; frame `in + k` belongs to entry `k` of each list. */
export interface RawTrack {
  in: number;
  readonly landmarks: Landmarks[];
  readonly presence: number[];
  readonly lights: Light[];
  /** `steps[k]` carries frame `in + k − 1` to `in + k`; null where it could not be measured, and for the first. */
  readonly steps: Array<Similarity | null>;
  readonly origins: Array<'detected' | 'carried'>;
  readonly anchors: Array<{ readonly frame: number; readonly embedding: Embedding; readonly quality: number }>;
}

/** The first frame that is no longer in the track. */
export function outOf(track: RawTrack): number {
  return track.in + track.landmarks.length;
}

/**
 * Puts an earlier track before a later one that continues it from the frame before its first, where the earlier may have gone on
 * for some frames: those of the later count.
 */
export function joinTo(earlier: RawTrack, later: RawTrack): void {
  const kept = later.in - earlier.in;
  const before = <T>(list: readonly T[]) => list.slice(0, kept);
  later.in = earlier.in;
  later.landmarks.unshift(...before(earlier.landmarks));
  later.presence.unshift(...before(earlier.presence));
  later.lights.unshift(...before(earlier.lights));
  later.steps.unshift(...before(earlier.steps));
  later.origins.unshift(...before(earlier.origins));
  later.anchors.unshift(...earlier.anchors.filter((anchor) => anchor.frame < earlier.in + kept));
}

/** Intersection over union from which two faces in one frame are one. */
const ONE_FACE = 0.5;

/** True where the track shows that face in that frame. */
export function shows(track: RawTrack, frame: number, landmarks: Landmarks): boolean {
  const own = track.landmarks[frame - track.in];
  return own !== undefined && overlapOf(boxOfLandmarks(own), boxOfLandmarks(landmarks)) >= ONE_FACE;
}

/** Farthest, in inter-ocular distances, that landmarks may lie from where a tracked step leads: beyond it the step is wrong. */
const OFF_COURSE = 0.3;

/** True where a step carries the face to where it was seen. */
export function agrees(step: Similarity, before: Landmarks, after: Landmarks): boolean {
  const from = fivePoints(before);
  const to = fivePoints(after);
  const nose = [from[4] as number, from[5] as number] as const;
  const dx = applyX(step, ...nose) - (to[4] as number);
  const dy = applyY(step, ...nose) - (to[5] as number);
  return Math.hypot(dx, dy) <= OFF_COURSE * interOcular(to);
}

/** The upright box around the track's last face. */
export function lastBox(track: RawTrack): Box {
  return boxOfLandmarks(track.landmarks.at(-1) as Landmarks);
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
