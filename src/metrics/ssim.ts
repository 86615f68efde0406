import { gaussianBlur } from '../motion/gaussian.ts';
import type { Luma } from '../motion/luma.ts';

/** Wang et al. 2004, §III-B: an 11 × 11 Gaussian window of 1.5 pixels (the blur ends at three deviations, which is 5 pixels). */
const SIGMA = 1.5;
const RADIUS = 5;
/** Wang et al. 2004, eq. 12: K1 = 0.01, K2 = 0.03 of the dynamic range, which is 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Structural similarity of two pictures of luma 0 … 1 (Wang, Bovik, Sheikh and Simoncelli 2004, eq. 13), averaged over the
 * pixels whose whole window lies in the picture and at which `mask` (one entry a pixel) is above 0. 1 = equal; NaN where no pixel
 * is left.
 */
export function ssim(a: Luma, b: Luma, mask?: ArrayLike<number>): number {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) {
    throw new TypeError(`Pictures of ${width} × ${height} and ${b.width} × ${b.height} cannot be compared.`);
  }
  const mean = (samples: Float32Array) => gaussianBlur({ width, height, samples }, SIGMA).samples;
  const product = (p: Float32Array, q: Float32Array) => mean(p.map((v, i) => v * q[i]));
  // Variances do not see a shift; about the middle their difference of squares keeps its digits in 32 bits.
  const middle = a.samples.reduce((total, v, i) => total + v + b.samples[i], 0) / (2 * a.samples.length);
  const first = a.samples.map((v) => v - middle);
  const second = b.samples.map((v) => v - middle);
  const meanA = mean(first);
  const meanB = mean(second);
  const squareA = product(first, first);
  const squareB = product(second, second);
  const cross = product(first, second);
  let sum = 0;
  let count = 0;
  for (let y = RADIUS; y < height - RADIUS; y++) {
    for (let i = y * width + RADIUS, end = (y + 1) * width - RADIUS; i < end; i++) {
      if (mask && !(mask[i] > 0)) continue;
      const da = meanA[i];
      const db = meanB[i];
      const ma = da + middle;
      const mb = db + middle;
      const covariance = cross[i] - da * db;
      const variances = squareA[i] - da * da + squareB[i] - db * db;
      sum += ((2 * ma * mb + C1) * (2 * covariance + C2)) / ((ma * ma + mb * mb + C1) * (variances + C2));
      count += 1;
    }
  }
  return sum / count;
}
