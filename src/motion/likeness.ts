import { gaussianBlur } from './gaussian.ts';
import { type Luma, shrinkLuma } from './luma.ts';

/** A picture reduced to what a viewer keeps of it at a glance: see `thumbnailOf`. */
export type Thumbnail = Luma;

/** Width of a thumbnail. Grain, dust and lips are gone at this size; the arrangement of a scene is not. */
const WIDTH = 40;
const SOFTEN = 0.7;

export function thumbnailOf(luma: Luma): Thumbnail {
  const height = Math.max(8, Math.round((luma.height * WIDTH) / luma.width));
  return gaussianBlur(shrinkLuma(luma, WIDTH, height), SOFTEN);
}

/** How far a camera may have moved between two frames, as a share of the picture's width and height. */
const REACH_X = 0.125;
const REACH_Y = 0.1;
/** Contrast below this (standard deviation, six 8-bit levels) is not stretched: two black frames are alike, whatever their noise. */
const LEAST_CONTRAST = 6 / 255;

/**
 * How different two pictures are: 0 = the same but for exposure, contrast, a shift and noise; about 1 = nothing in common.
 *
 * Half the mean square difference after each is brought to mean 0 and deviation 1, which is 1 − the normalised correlation, least
 * over shifts by an eighth of the width and a tenth of the height: a flash that does not clip, breathing, gate weave and a pan
 * cost nothing.
 */
export function differenceOf(a: Thumbnail, b: Thumbnail): number {
  const reachX = Math.round(a.width * REACH_X);
  const reachY = Math.round(a.height * REACH_Y);
  let least = Infinity;
  for (let dy = -reachY; dy <= reachY; dy++) {
    for (let dx = -reachX; dx <= reachX; dx++) least = Math.min(least, differenceAt(a, b, dx, dy));
  }
  return least;
}

/** The difference where they overlap when `b` is shifted by whole pixels. */
function differenceAt(a: Thumbnail, b: Thumbnail, dx: number, dy: number): number {
  const left = Math.max(0, dx);
  const right = Math.min(a.width, a.width + dx);
  const top = Math.max(0, dy);
  const bottom = Math.min(a.height, a.height + dy);
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left, p = y * a.width + left, q = (y - dy) * a.width + left - dx; x < right; x++, p++, q++) {
      const u = a.samples[p] as number;
      const v = b.samples[q] as number;
      sumA += u;
      sumB += v;
      squaresA += u * u;
      squaresB += v * v;
      products += u * v;
    }
  }
  const count = (right - left) * (bottom - top);
  const varianceA = Math.max(0, squaresA / count - (sumA / count) ** 2);
  const varianceB = Math.max(0, squaresB / count - (sumB / count) ** 2);
  const covariance = products / count - (sumA * sumB) / (count * count);
  const a1 = Math.max(LEAST_CONTRAST, Math.sqrt(varianceA));
  const b1 = Math.max(LEAST_CONTRAST, Math.sqrt(varianceB));
  return Math.max(0, (varianceA / (a1 * a1) + varianceB / (b1 * b1) - (2 * covariance) / (a1 * b1)) / 2);
}
