import { overlapOf } from '../face/associate.ts';
import { boxOfLandmarks } from '../face/box.ts';
import type { Embedding } from '../face/embedding.ts';
import { fivePoints, interOcular, type Landmarks } from '../face/landmarks.ts';
import type { Box, Light } from '../face/sighting.ts';
import type { Similarity } from '../face/similarity.ts';

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

/** Puts an earlier track before a later one that continues it; `step` leads over the seam. */
export function joinTo(earlier: RawTrack, later: RawTrack, step: Similarity | null): void {
  later.in = earlier.in;
  later.steps[0] = step;
  later.landmarks.unshift(...earlier.landmarks);
  later.presence.unshift(...earlier.presence);
  later.lights.unshift(...earlier.lights);
  later.steps.unshift(...earlier.steps);
  later.origins.unshift(...earlier.origins);
  later.anchors.unshift(...earlier.anchors);
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
