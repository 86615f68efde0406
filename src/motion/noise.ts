import type { Luma } from './luma.ts';
import { MAD_TO_SIGMA, quantile } from './quantile.ts';

/** Norm of Immerkær's mask: white noise of deviation 1 comes out with this deviation. */
const MASK_NORM = 6;
/** Share of the pixels, the flattest ones, on which noise is read. */
const FLATTEST = 0.5;

/** What `noiseSigma` goes by, for whoever computes it elsewhere. */
export const NOISE_READING = { MASK_NORM, FLATTEST } as const;

/**
 * Standard deviation of a picture's noise, in units of the samples.
 *
 * The mask 1 −2 1, −2 4 −2, 1 −2 1 is blind to ramps and quadratic shading (Immerkær 1996); its median absolute response is read on
 * the half of the picture with the weakest slope (after Tai and Yang 2008), for which texture and edges do not count. Slope and
 * mask are odd and even, so choosing by one does not bias the other.
 *
 * `spacing` is the distance between the mask's taps, pixels. At 1 the figure is that of white noise, and grain that is correlated
 * over neighbouring pixels reads low: Gaussian grain of 0.8 pixels at a sixth of its deviation. At 2 that grain reads at seven tenths,
 * but so does finer texture. 0 for pictures below 12 × 12.
 */
export function noiseSigma(luma: Luma, spacing: 1 | 2 = 1): number {
  const { width, height, samples } = luma;
  if (width < 12 || height < 12) return 0;
  const count = (width - 2 * spacing) * (height - 2 * spacing);
  const row = spacing * width;
  const response = new Float32Array(count);
  const slope = new Float32Array(count);
  for (let y = spacing, o = 0; y < height - spacing; y++) {
    for (let x = spacing; x < width - spacing; x++, o++) {
      const p = y * width + x;
      const a = samples[p - row - spacing];
      const b = samples[p - row];
      const c = samples[p - row + spacing];
      const d = samples[p - spacing];
      const e = samples[p];
      const f = samples[p + spacing];
      const g = samples[p + row - spacing];
      const h = samples[p + row];
      const i = samples[p + row + spacing];
      response[o] = Math.abs(a + c + g + i - 2 * (b + d + f + h) + 4 * e);
      slope[o] = Math.abs(c + 2 * f + i - a - 2 * d - g) + Math.abs(g + 2 * h + i - a - 2 * b - c);
    }
  }
  const limit = quantile(Float32Array.from(slope), FLATTEST);
  const flat = response.filter((_, k) => slope[k] <= limit);
  return (MAD_TO_SIGMA * quantile(flat, 0.5)) / MASK_NORM;
}

/**
 * Standard deviation of the noise that changes from frame to frame, from two pictures of the same thing in register, in units of
 * the samples. Grain differs from frame to frame and texture does not, so correlated grain is read in full. Parts that moved
 * count as noise where they cover half of the picture or more. A difference of exposure is taken out.
 */
export function temporalNoiseSigma(a: Luma, b: Luma): number {
  const difference = new Float32Array(a.samples.length);
  for (let i = 0; i < difference.length; i++) difference[i] = a.samples[i] - b.samples[i];
  // Order is nothing to a median, so that both are looked for in the same memory.
  const middle = quantile(difference, 0.5);
  for (let i = 0; i < difference.length; i++) difference[i] = Math.abs(difference[i] - middle);
  return (MAD_TO_SIGMA * quantile(difference, 0.5)) / Math.SQRT2;
}
