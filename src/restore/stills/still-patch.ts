import type { Landmarks } from '../../face/landmarks.ts';

/** A reference still, aligned to the patch template at its own resolution. */
export interface StillPatch {
  /** For the report: the file. */
  readonly name: string;
  readonly size: number;
  /** `Float32Array` of 3·size², planar RGB, display-referred, 0 … 1. */
  readonly rgb: Float32Array;
  /** Patch pixels of the still. */
  readonly landmarks: Landmarks;
}
