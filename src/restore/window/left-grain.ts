import type { Compute } from '../../compute/compute.ts';
import type { Image } from '../../compute/image.ts';
import { PATCH_INTER_OCULAR } from '../../face/patch.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** Standard deviation of the Gaussian beyond which a mean is left as it is, plate pixels: grain is finer. */
const COARSE = 1.5;
/** Around each pixel, over what the picture's energy is taken, plate pixels, and that of the grain, inter-ocular distances. */
const AROUND = 3;
const OVER = 0.06;
/** How many times the energy that grain should have left is no more than grain, which differs from place to place, and what is surely picture. */
const BEGINS = 1.3;
const IS = 2.1;
/** In the eyes less is taken for grain: what a blur has left of lashes and iris is as weak. */
const IN_EYES = 0.5;
/** Where a frame differs from the mean by more it is no grain, in deviations of the grain's luma. */
const MOST = 3;

/** A mean over a window, and what it was made of. */
export interface WindowMean {
  /** 3 planes. */
  readonly rgb: Image;
  /** How many frames were averaged, pixel by pixel. */
  readonly weights: Image;
  /** 1 where the centre's own samples are good, 0 on dirt. */
  readonly own: Image;
  /** 1 in the eyes, at half size. */
  readonly eyes: Image;
  /** Standard deviation of the grain's luma, 0 … 1. */
  readonly grain: number;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
}

/**
 * A window's mean (3 planes) without the grain that it has left: more where fewer frames are alike, in a mouth that moves. What it takes
 * that was picture lies below that grain, and comes back with the grain.
 */
export function meanWithoutGrain(
  compute: Compute,
  { centre, where, size }: Pick<AlignedWindow, 'centre' | 'where' | 'size'>,
  { rgb, weights, own, eyes, grain, pixel }: WindowMean,
): Image {
  return compute.withoutLeftGrain(
    { mean: rgb, frame: centre, weights, own, where, eyes },
    {
      coarse: COARSE * pixel,
      around: AROUND * pixel,
      over: OVER * PATCH_INTER_OCULAR * size,
      begins: BEGINS,
      is: IS,
      inEyes: IN_EYES,
      most: MOST * grain,
    },
  );
}
