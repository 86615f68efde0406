import type { Compute } from '../../compute/compute.ts';
import type { RegrainOptions, WindowGrain } from '../../compute/grains.ts';
import type { Image } from '../../compute/image.ts';
import { type AlignedWindow, planesOfNeighbour } from './aligned-window.ts';

/** Standard deviation of the Gaussian whose difference to the residual is grain, plate pixels: coarser unrest is flicker. */
const COARSEST = 4;
/** Grain that stands in is cut here, in deviations of the grain's luma. */
const MOST = 3;
/** Standard deviation of the Gaussian under which grain averages out and a speck does not, plate pixels. */
const SPECK = 1.5;
/** What is left of a residual under it, in deviations of what is left of grain, from which it is a speck, and surely one. */
const BEGINS = 4;
const IS = 6;
/** Least deviation, 0 … 1: what a film without grain loses in the mean is no speck below eight levels. */
const LEAST = 2 / 255;
/** How far around its core a speck reaches, standard deviation in plate pixels. */
const AROUND = 1.5;

/** What grain is put back from. */
export interface GrainSource {
  readonly aligned: AlignedWindow;
  /** The frame without grain, 3 planes. */
  readonly rgb: Image;
  /** 1 where the frame's own samples are good, 0 on dirt. */
  readonly own: Image;
  readonly grain: WindowGrain;
  /** Patch pixels a plate pixel, at least 1. */
  readonly pixel: number;
}

/**
 * A restored picture with the film's own grain at `ratio` of its strength: what the same frame's plate holds beyond its repaired self.
 *
 * The residual is grain in full: put back at 1 grain has the plate's strength and spectrum at every brightness, because it is the
 * plate's. Where the plate held dirt or a speck the nearest neighbour's stands in.
 */
export function withGrain(
  compute: Compute,
  { aligned, rgb, own, pixel, grain }: GrainSource,
  restored: Image,
  ratio: number,
): Image {
  using substitute = aligned.offsets.length > 0 ? compute.planes(aligned.neighbours, planesOfNeighbour(0)) : null;
  const images = {
    restored,
    plate: aligned.centre,
    repaired: rgb,
    substitute,
    own,
    where: aligned.where,
  };
  return compute.regrained(images, regrainOptions(pixel, grain.deviation, ratio));
}

/** `pixel`: patch pixels a plate pixel; `grain`: deviation of the grain's luma, 0 … 1. */
export function regrainOptions(pixel: number, grain: number, ratio: number): RegrainOptions {
  return {
    ratio,
    coarsest: coarsestGrain(pixel),
    most: MOST * grain,
    speck: { blur: SPECK * pixel, begins: BEGINS, is: IS, least: LEAST, around: AROUND * pixel },
  };
}

/** Standard deviation beyond which unrest is flicker, not grain, patch pixels. */
export function coarsestGrain(pixel: number): number {
  return COARSEST * pixel;
}
