import type { Compute } from '../../compute/compute.ts';
import type { Figures, Image } from '../../compute/image.ts';
import type { AlignedWindow } from './aligned-window.ts';

/** Distance at which a neighbour counts e⁻¹, in deviations of the grain, and the least of it, 0 … 1. */
const TOLERANCE = 0.67;
const LEAST = 1.2 / 255;
/** Blur of differences, and of their squares, plate pixels: a patch distance without patches. */
const BLUR = 1.5;
const SPREAD = 4;
/** Distance up to which frames count as alike, in that of an ordinary place: without the margin the mean leans towards the centre's grain. */
const ORDINARY = 1.7;
/** How much more a difference counts in the eyes, without that margin: a lid that sinks differs by little. */
const IN_EYES = 3;

/** What the mean depends on, besides the window. */
export interface MeanOptions {
  /** 1 where the centre's own samples are good, 0 on dirt, which the neighbours then fill. */
  readonly own: Image;
  /** 1 in the eyes, at half size. */
  readonly eyes: Image;
  /** Standard deviation of the grain's luma, 0 … 1. */
  readonly grain: number;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
  /** What the neighbours' weights are multiplied by, 0 … 1. */
  readonly trust: number;
}

/** The mean over a window's frames where they are alike, 3 planes; how many were averaged, pixel by pixel; and a mean of that over the face. */
export function meanOfWindow(
  compute: Compute,
  window: AlignedWindow,
  { own, eyes, grain, pixel, trust }: MeanOptions,
): { readonly rgb: Image; readonly weights: Image; readonly averaged: Figures<number> } {
  return compute.temporalMean(window, own, eyes, {
    tolerance: Math.max(LEAST, TOLERANCE * grain),
    blur: (BLUR * pixel) / 2,
    spread: (SPREAD * pixel) / 2,
    ordinary: ORDINARY,
    inEyes: IN_EYES,
    trust,
  });
}
