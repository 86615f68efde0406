import type { Crop } from './crop.ts';
import type { Embedding } from './embedding.ts';
import type { FivePoints, Landmarks } from './landmarks.ts';
import type { Detection } from './observation.ts';

/** A display-referred picture for networks: interleaved RGB, 3·width·height bytes, 0 … 255. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Finds faces. Coordinates in its answers are pixels of the picture it was given. */
export interface Detector {
  readonly id: string;
  /** Detections best first, non-maximum suppressed, at or above `threshold`; `runs` counts network runs (a tile is a run). */
  detect(picture: RgbPicture, options: DetectOptions): Promise<{ detections: Detection[]; runs: number }>;
}

export interface DetectOptions {
  /** Lowest score of a reported detection, 0 … 1. */
  readonly threshold: number;
  /** Width in picture pixels of the smallest face that must be found; decides tiling and enlargement. */
  readonly smallestFace: number;
}

/** Places landmarks on the face inside a crop. One run a call. */
export interface Landmarker {
  readonly id: string;
  /**
   * `presence` 0 … 1: the network's probability that the crop shows a face.
   *
   * @param isMirrored true: the network is shown the crop's mirror image; its answer is mirrored back
   */
  landmarks(picture: RgbPicture, crop: Crop, isMirrored?: boolean): Promise<{ landmarks: Landmarks; presence: number }>;
}

/** A heavy landmark network: it places the landmarks of a followed face more exactly, at a higher cost. One run a call. */
export interface Refiner {
  readonly id: string;
  /** The landmarks as this network places them; `presence` 0 … 1: its confidence. */
  refine(picture: RgbPicture, landmarks: Landmarks): Promise<{ landmarks: Landmarks; presence: number }>;
}

/** Tells who a face is. One run a call. */
export interface Recogniser {
  readonly id: string;
  /** Cosine from which two embeddings count as one person, before a preset shifts it. */
  readonly threshold: number;
  embed(picture: RgbPicture, five: FivePoints): Promise<Embedding>;
}

/** Makes a picture larger and finer. One run a call. */
export interface Upscaler {
  readonly id: string;
  /** Sides of its outputs over sides of its inputs. */
  readonly factor: number;
  /** Reach of an input pixel in the output, input pixels: beyond it, a cut-out gives the same output as the whole picture. */
  readonly reach: number;
  /** `rgb`: `Float32Array` of 3·width·height, planar, 0 … 1; the answer `factor` times as wide and high, likewise. */
  upscale(rgb: Float32Array, width: number, height: number): Promise<Float32Array>;
}

/** Tells a face from what is before it. One run a call. */
export interface Masker {
  readonly id: string;
  /** Side of the square that it is shown, pixels, and where a face's five points lie in it: shares of the side. */
  readonly side: number;
  readonly five: FivePoints;
  /** `rgb`: `Float32Array` of 3·side², planar, 0 … 1. The answer: of side², 1 = the face itself, 0 = something else. */
  mask(rgb: Float32Array): Promise<Float32Array>;
}

/** Makes a face finer: shown a crop of it, it answers the same crop restored. One run a call. */
export interface Enhancer {
  readonly id: string;
  /** Side of its crop, pixels. */
  readonly side: number;
  /** Where the face's five points lie in it, shares of its side. */
  readonly five: FivePoints;
  /**
   * `rgb`: `Float32Array` of 3·side², planar, 0 … 1; the answer likewise.
   *
   * @param weight 0 … 1: how far it holds to what it is shown; those that cannot be told leave it. Default: its contract's.
   */
  enhance(rgb: Float32Array, weight?: number): Promise<Float32Array>;
}
