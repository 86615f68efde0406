import { PATCH_INTER_OCULAR } from '../face/patch.ts';
import { gaussianBlur } from '../motion/gaussian.ts';
import type { Luma } from '../motion/luma.ts';
import { quantile } from '../motion/quantile.ts';

/**
 * Standard deviations of the two Gaussians whose difference is the measured band, inter-ocular distances: lashes, hairs of brows,
 * edges of lids, lips and teeth.
 */
export const FINE = 0.013;
export const COARSE = 0.026;
/** Share of the pixels beyond which a value counts as that at the bound: scratches and specks. */
export const OUTLIERS = 0.98;
/** Median of the magnitude of white noise of standard deviation 1. */
const NOISE_MEDIAN = 0.6745;

/**
 * Detail of a face, per cent of its brightness: root mean square, over the matte, of the luma between two Gaussians of 1.3 and
 * 2.6 % of the inter-ocular distance, without what grain adds to it, over the mean luma.
 *
 * Most of a face is smooth skin, so the median magnitude gives the grain (Donoho and Johnstone 1994); its power is taken off.
 * Exposure leaves the figure as it is, and the outermost 2 % of the pixels, scratches among them, count as the value at their
 * bound.
 *
 * @param luma of a patch, `Float32Array` of size², 0 … 1
 * @param matte size², 0 … 1; pixels above ½ are measured
 */
export function faceSharpness(luma: Float32Array, matte: Float32Array, size: number): number {
  const unit = PATCH_INTER_OCULAR * size;
  const box = boxOf(matte, size, Math.ceil(3 * COARSE * unit));
  if (!box) return 0;
  const picture = cut(luma, size, box);
  const weights = cut(matte, size, box).samples;
  const fine = gaussianBlur(picture, FINE * unit).samples;
  const coarse = gaussianBlur(picture, COARSE * unit).samples;
  const band = new Float32Array(weights.length);
  let count = 0;
  let light = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] <= 0.5) continue;
    band[count++] = Math.abs(fine[i] - coarse[i]);
    light += picture.samples[i];
  }
  if (!(light > 0)) return 0;
  const seen = band.subarray(0, count);
  const typical = quantile(seen, 0.5);
  const most = quantile(seen, OUTLIERS);
  let power = 0;
  for (let i = 0; i < count; i++) power += Math.min(seen[i], most) ** 2 / count;
  return sharpnessOf({ power, typical, brightness: light / count });
}

/** What a face's sharpness is made of: mean square and median magnitude of the band, and mean luma, over the matte. */
export interface BandFigures {
  readonly power: number;
  readonly typical: number;
  readonly brightness: number;
}

/** The band without its grain over the face's brightness, per cent. */
export function sharpnessOf({ power, typical, brightness }: BandFigures): number {
  const noise = typical / NOISE_MEDIAN;
  return (100 * Math.sqrt(Math.max(0, power - noise * noise))) / brightness;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the matte covers, and `margin` pixels around it; null where it covers nothing. */
function boxOf(matte: Float32Array, size: number, margin: number): Box | null {
  let [left, top, right, bottom] = [size, size, 0, 0];
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      if (matte[i] <= 0.5) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  if (right === 0) return null;
  left = Math.max(0, left - margin);
  top = Math.max(0, top - margin);
  return { left, top, width: Math.min(size, right + margin) - left, height: Math.min(size, bottom + margin) - top };
}

function cut(plane: Float32Array, size: number, { left, top, width, height }: Box): Luma {
  const samples = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (top + y) * size + left;
    samples.set(plane.subarray(row, row + width), y * width);
  }
  return { width, height, samples };
}
