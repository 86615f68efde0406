import type { Landmarks } from '../../face/landmarks.ts';
import type { MeasuredLight } from '../../face/observation.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';
import type { FrameDecision } from './frame-decision.ts';

/** A face in one frame before smoothing, in proxy pixels. */
export interface RawObservation {
  readonly landmarks: Landmarks;
  readonly presence: number;
  readonly light: MeasuredLight;
  /** Carries the frame before to this one; null where it could not be measured, and for a track's first. */
  readonly step: Similarity3 | null;
  /**
   * Motion of the film from the frame before, gate weave and camera; null where the background does not show it, and for a
   * track's first.
   */
  readonly film: Similarity3 | null;
  /** `detected`: the landmark network ran. `carried`: it was skipped, or the frame cannot be read. */
  readonly origin: 'detected' | 'carried';
  decision: FrameDecision;
}
