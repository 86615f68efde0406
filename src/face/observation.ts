import type { FivePoints, Landmarks } from './landmarks.ts';

/** x, y, width, height in pixels of the picture; may reach over its edge. */
export type Box = readonly [number, number, number, number];

/** A detector's answer for one face. */
export interface Detection {
  /** 0 … 1. */
  readonly score: number;
  readonly box: Box;
  /** Rough points in the order of `FivePoints`; what the detector does not give of them is estimated. */
  readonly five: FivePoints;
}

/** Number of directions, evenly spaced around the face, in which the band is measured. */
export const BAND_DIRECTIONS = 64;

/** The plate's light on a face, measured on the proxy, display-referred RGB 0 … 1. */
export interface Light {
  /** Mean luma of the skin. */
  readonly exposure: number;
  /** Mean and standard deviation of the skin in lαβ (Reinhard 2001): l, α, β, σl, σα, σβ. */
  readonly colour: readonly number[];
  /** The plate's blurred colour along the matte's edge: `Float32Array` of 3·BAND_DIRECTIONS, r, g, b a direction. */
  readonly band: Float32Array;
  /** Standard deviation of the plate's blur, plate pixels. */
  readonly blur: number;
  /** Standard deviation of the plate's grain in luma, 0 … 1. */
  readonly grain: number;
}

/** The light of one frame before smoothing; blur is null where no edge stands out of the grain. */
export type MeasuredLight = Omit<Light, 'blur'> & { readonly blur: number | null };

/** A face in one frame. Coordinates are plate pixels, origin at the top-left edge of the top-left pixel. */
export interface FaceObservation {
  readonly frame: number;
  readonly origin: 'detected' | 'carried';
  /** 0 … 1: presence of a face, from the network that placed the landmarks. */
  readonly score: number;
  readonly landmarks: Landmarks;
  readonly light: Light;
}
