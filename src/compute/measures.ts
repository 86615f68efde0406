import type { Figures, Image } from './image.ts';

/** One face in one frame, before and after, in face space. */
export interface MeasuredFace {
  /** Mean luma under the matte, 0 … 1; 0 without one. */
  readonly before: number;
  readonly after: number;
  /** Of luma under the matte; see `shadingOf`. */
  readonly beforeGrid: Float32Array;
  readonly afterGrid: Float32Array;
  /** See `faceSharpness`. */
  readonly sharpnessBefore: number;
  readonly sharpnessAfter: number;
}

/** What reports say of faces, measured where the faces lie. */
export interface MeasureOperations {
  /**
   * A face before and after it is comped: luma under its matte. All are squares of one side, `plate` and `restored` of 3 planes; outside
   * of the matte `restored` may hold anything.
   */
  measuredFace(plate: Image, restored: Image, matte: Image): Figures<MeasuredFace>;
}
