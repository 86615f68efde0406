import type { Figures, Image } from './image.ts';

/** How strong a frame's grain is: standard deviations of its luma, 0 … 1. */
export interface WindowGrain {
  /** Over the whole face; 0 where the frame has no neighbours. */
  readonly deviation: number;
  /** In `GRAIN_STEPS` equal steps of luma from 0 to 1; null where the face shows too little of that brightness to tell. */
  readonly byLuma: readonly (number | null)[];
}

export const GRAIN_STEPS = 8;

/** What grain is read from: squares of one even side. */
export interface RegrainImages {
  /** What it is put on, 3 planes. */
  readonly restored: Image;
  /** The frame, and the same without grain, 3 planes each. */
  readonly plate: Image;
  readonly repaired: Image;
  /** A frame whose grain stands in where the frame's own samples are not good, 3 planes; null: none. */
  readonly substitute: Image | null;
  /** 1 where the frame's own samples are good, 0 on dirt. */
  readonly own: Image;
  /** Above 0 where the frame is looked at. */
  readonly where: Image;
}

/** Lengths are standard deviations in patch pixels; differences are samples, 0 … 1. */
export interface RegrainOptions {
  /** How much of the grain is put back, 1 = all of it. */
  readonly ratio: number;
  /** What is coarser than this is flicker, not grain. */
  readonly coarsest: number;
  /** The most that a substitute's grain may differ from the repaired picture. */
  readonly most: number;
  readonly speck: {
    /** The blur under which grain averages out and a speck does not. */
    readonly blur: number;
    /** What is left under it from which it is a speck, and surely one, in deviations of what is left, which is at least `least`. */
    readonly begins: number;
    readonly is: number;
    readonly least: number;
    /** How far around its core a speck reaches. */
    readonly around: number;
  };
}

/** What grain a mean over frames has left is read from: squares of one even side. */
export interface LeftGrainImages {
  /** The mean over frames, and one of them, 3 planes each. */
  readonly mean: Image;
  readonly frame: Image;
  /** How many frames the mean is over, by weight. */
  readonly weights: Image;
  /** 1 where the frame's own samples are good, 0 on dirt. */
  readonly own: Image;
  /** Above 0 where the frame is looked at. */
  readonly where: Image;
  /** Above 0 in the eyes, at half the side. */
  readonly eyes: Image;
}

/** Lengths are standard deviations in patch pixels; differences are samples, 0 … 1. */
export interface LeftGrainOptions {
  /** What is finer than this blur is filtered. */
  readonly coarse: number;
  /** Around each pixel, over what the picture's energy is taken, and that of the grain. */
  readonly around: number;
  readonly over: number;
  /** How many times the energy that grain has left is surely no more than grain, and surely picture. */
  readonly begins: number;
  readonly is: number;
  /** What both are multiplied by in the eyes, 0 … 1. */
  readonly inEyes: number;
  /** Where a frame differs from the mean by more, it is by no more. */
  readonly most: number;
}

/** Lengths are standard deviations in pixels. */
export interface PlateGrainOptions {
  /** How much of the grain is added, 1 = as much as the plate has. */
  readonly ratio: number;
  /** The Gaussian whose difference to the plate is taken for grain. */
  readonly sigma: number;
  /** Beyond so many deviations it is dirt or an edge, and is cut. */
  readonly most: number;
  /** The Gaussian under which the difference's energy is judged: detail lies together, grain does not. */
  readonly around: number;
  /** What grain is multiplied by at most where the restored picture is brighter or darker than the plate; its inverse at least. */
  readonly greatestGain: number;
}

/** Film grain. */
export interface GrainOperations {
  /**
   * The grain of a frame (3 square planes) and each of others that are aligned (3 planes each), from how they differ where they are looked
   * at: texture is alike in both, grain is not. Samples are told apart by the mean of both, which is independent of their difference.
   */
  grainBetween(frame: Image, others: Image, where: Image): Figures<readonly WindowGrain[]>;
  /**
   * A mean over frames without the grain that so many have left, where it is looked at: what is finer than a blur is kept where its energy
   * around each pixel is greater than grain makes it (a local threshold in place of the gain of Lee 1980, which also softens what is
   * surely picture). How strong grain is the frame tells by how it differs from the mean.
   */
  withoutLeftGrain(images: LeftGrainImages, options: LeftGrainOptions): Image;
  /**
   * A restored picture with the frame's own grain: what the plate holds beyond its repaired self, without what is coarser than grain.
   * Where the plate held dirt, or shows a speck that the mean over neighbours has removed by itself, a substitute's grain stands in.
   */
  regrained(images: RegrainImages, options: RegrainOptions): Image;
  /**
   * A restored picture with the grain of a plate (3 square planes each) that no other frame tells from its picture: what a Gaussian
   * takes away from the plate, cut where it is more than grain and damped where its neighbourhood holds more energy than grain of that
   * brightness has (edges, lashes). Coarser grain stays in the plate.
   *
   * Where the restored picture is brighter or darker than the plate, the grain is scaled as the plate's own strength changes with
   * brightness (the scaling function of Norkin and Birkbeck, *Film grain synthesis for AV1*, 2018).
   */
  withGrainOfPlate(restored: Image, plate: Image, options: PlateGrainOptions): Image;
}
