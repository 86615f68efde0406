import type { Landmarks } from '../face/landmarks.ts';
import type { Roi } from '../film/roi.ts';
import type { Figures, Image } from './image.ts';

export interface ColourTransferOptions {
  /** Mean and deviation in lαβ that the skin is brought to, as `Light.colour` has them. */
  readonly to: readonly number[];
  /** What a deviation is multiplied by at least and at most. */
  readonly leastRatio: number;
  readonly greatestRatio: number;
}

export interface MembraneOptions {
  /** The band that the face is brought to, as `Light.band` has it. */
  readonly band: Float32Array;
  /** The centre of the bands' directions, pixels. */
  readonly x: number;
  readonly y: number;
  /** Side of the grid on which the membrane is solved; it is smooth, and bilinear between. */
  readonly grid: number;
}

/** The light of a face on a patch: measured, and brought to another. Patches are squares of 3 planes. */
export interface LightOperations {
  /** The skin's colour, measured as `Light.colour` is: mean and standard deviation in lαβ, six numbers. */
  colourOfPatch(rgb: Image, landmarks: Landmarks): Figures<readonly number[]>;
  /** The blurred colour just inside the face's outline, measured as `Light.band` is. */
  bandOfPatch(rgb: Image, landmarks: Landmarks): Figures<Float32Array>;
  /** Standard deviation of the Gaussian that blurred a part of three planes, pixels; null without edges. See `blurSigma`. */
  blurOf(rgb: Image, part: Roi): Figures<number | null>;
  /**
   * A patch whose lαβ mean and deviation `from` become others where `where` is above 0 (Reinhard, Ashikhmin, Gooch and Shirley 2001,
   * eq. 10–11). A deviation of 0 stays.
   */
  transferColour(rgb: Image, where: Image, from: Figures<readonly number[]>, options: ColourTransferOptions): Image;
  /**
   * A patch whose band `from` becomes another: what both differ by is added as a membrane, which solves Laplace's equation wherever
   * the matte is above 0 (Pérez, Gangnet and Blake 2003, eq. 4) and goes on smoothly outside.
   */
  withMembrane(rgb: Image, matte: Image, from: Figures<Float32Array>, options: MembraneOptions): Image;
}
