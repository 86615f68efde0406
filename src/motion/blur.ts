import { gaussianBlur } from './gaussian.ts';
import type { Luma } from './luma.ts';
import { noiseSigma } from './noise.ts';
import { quantile } from './quantile.ts';

/** Standard deviations of the finer of two Gaussians whose slopes are compared, pixels; the other is twice as wide. */
const SCALES = [1, 1.5, 2] as const;
/** A slope of the wider Gaussian counts as an edge from this share of the steepest ones, and this many times above the noise. */
const EDGE_SHARE = 0.35;
const EDGE_OVER_NOISE = 5;
/** The steepest slopes are read at this quantile, so that a speck of dirt does not set the measure. */
const STEEPEST = 0.995;
const FEWEST_EDGES = 12;
/** Noise over edges, in slopes of the finer Gaussian, above which a wider scale is read, where there is one. */
const NOISY = 0.13;
/** Greatest blur that the ratio of the two slopes can measure, pixels. */
export const WIDEST_BLUR = 6;
/** What sampling by square pixels and the slope's own reach leave on a perfect step, pixels. */
const INHERENT = 0.55;
/** Coarseness of film grain, pixels: such grain reads at seven tenths by taps two pixels apart (see `noiseSigma`). */
const GRAIN_SIZE = 0.8;
const GRAIN_SEEN = 0.7;

/**
 * Standard deviation of the Gaussian that blurred a picture, pixels; null without edges.
 *
 * The picture is blurred by two known Gaussians. On a step edge that an unknown σ has blurred, the slopes stand in the ratio R =
 * √((σ² + σ₂²) / (σ² + σ₁²)), which gives σ (re-blurring, Zhuo and Sim 2011, with two blurs against noise). Edges are found and
 * given their direction by the wider Gaussian; the ratio is that of all of them together, the stronger counting more. A slope in
 * a given direction is linear in the picture, so grain averages out over the edges instead of choosing among them; where it is
 * still strong against them, wider Gaussians are compared.
 *
 * Limits: within 10 % from 0.8 to 3.6 pixels on step edges under grain of up to 9 levels. A picture whose edges are soft in
 * themselves reads blurrier by so much.
 */
export function blurSigma(luma: Luma): number | null {
  const noise = noiseSigma(luma, 2) / GRAIN_SEEN;
  let told: number | null = null;
  for (const scale of SCALES) {
    const slopes = edgeSlopes(luma, scale, noise);
    if (!slopes) continue;
    told = sigmaOf(slopes.ratio, scale);
    if (noiseSlope(noise, scale) <= NOISY * slopes.fine) break;
  }
  return told;
}

/** The blur from the ratio of the slopes, less that of a perfect step. */
function sigmaOf(ratio: number, scale: number): number {
  const square = ratio * ratio;
  const variance = square > 1 ? (4 * scale * scale - square * scale * scale) / (square - 1) : Infinity;
  return Math.sqrt(Math.min(WIDEST_BLUR * WIDEST_BLUR, Math.max(0, variance - INHERENT * INHERENT)));
}

/**
 * What Gaussian grain keeps of its deviation in each direction of the slope after a Gaussian of `sigma`: for white noise it is
 * σ / (√(8π) s²) (Canny 1986), and grain is white noise after a Gaussian of its own.
 */
function noiseSlope(deviation: number, sigma: number): number {
  return (deviation * GRAIN_SIZE) / (Math.SQRT2 * (sigma * sigma + GRAIN_SIZE * GRAIN_SIZE));
}

/** Slope of the finer Gaussian across the edges, their mean by strength, and over that of the wider one; null without edges. */
function edgeSlopes(luma: Luma, scale: number, noise: number): { fine: number; ratio: number } | null {
  const { width, height } = luma;
  // Further out slopes see repeated edges.
  const margin = Math.ceil(3 + scale);
  const fine = gaussianBlur(luma, scale).samples;
  const wide = gaussianBlur(luma, 2 * scale).samples;
  const slope = new Float32Array(width * height);
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin, p = y * width + x; x < width - margin; x++, p++) {
      slope[p] = Math.hypot(across(wide, p, 1), across(wide, p, width));
    }
  }
  const steepest = quantile(Float32Array.from(slope), STEEPEST);
  const least = Math.max(EDGE_SHARE * steepest, EDGE_OVER_NOISE * noiseSlope(noise, 2 * scale), 1e-4);
  let count = 0;
  let strength = 0;
  let both = 0;
  let own = 0;
  for (let y = margin + 1; y < height - margin - 1; y++) {
    for (let x = margin + 1, p = y * width + x; x < width - margin - 1; x++, p++) {
      const here = slope[p];
      if (here < least) continue;
      const [dx, dy] = [across(wide, p, 1), across(wide, p, width)];
      const step = Math.abs(dx) >= Math.abs(dy) ? 1 : width;
      if (here < slope[p - step] || here < slope[p + step]) continue;
      count += 1;
      strength += here;
      own += here * here;
      both += across(fine, p, 1) * dx + across(fine, p, width) * dy;
    }
  }
  return count < FEWEST_EDGES ? null : { fine: both / strength, ratio: both / own };
}

function across(samples: Float32Array, p: number, step: number): number {
  return (samples[p + step] - samples[p - step]) / 2;
}
