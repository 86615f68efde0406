import type { Landmarks } from '../../face/landmarks.ts';
import type { MeasuredLight } from '../../face/observation.ts';
import type { Similarity3 } from '../../motion/similarity3.ts';
import type { FrameDecision } from './frame-decision.ts';

/** A face in one frame before it is smoothed, in the pixels of the picture that was looked at. */
export interface RawObservation {
  readonly landmarks: Landmarks;
  readonly presence: number;
  readonly light: MeasuredLight;
  /** Carries the frame before to this one; null where it could not be measured, and for a track's first. */
  readonly step: Similarity3 | null;
  /** How the film itself moved from the frame before: gate weave and camera; null where its background cannot tell, and for a track's first. */
  readonly film: Similarity3 | null;
  /** `detected`: the landmark network looked; `carried`: it rested, or the frame cannot be read. */
  readonly origin: 'detected' | 'carried';
  decision: FrameDecision;
}
