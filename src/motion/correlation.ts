import type { Luma } from './luma.ts';
import type { Similarity3 } from './similarity3.ts';

/** Variance over the mean square, up to which pixels are flat: sums of a thousand equal ones differ by 1e-13. */
const FLAT = 1e-10;

/**
 * Normalised cross-correlation, −1 … 1, of some pixels of a picture with another picture where a motion carries them, bilinear. 0
 * where fewer than half of them stay in the picture, or where they are flat.
 *
 * @param depth of all of the pixels
 */
export function correlationAlong(
  from: Luma,
  to: Luma,
  { pixels, depth }: { readonly pixels: Int32Array; readonly depth: number },
  { m, t }: Similarity3,
): number {
  const { width, height, samples } = to;
  let count = 0;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (const p of pixels) {
    const row = Math.floor(p / from.width);
    const x = p - row * from.width + 0.5;
    const y = row + 0.5;
    const u = m[0] * x + m[1] * y + m[2] * depth + t[0] - 0.5;
    const v = m[3] * x + m[4] * y + m[5] * depth + t[1] - 0.5;
    if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) continue;
    const left = u | 0;
    const top = v | 0;
    const fx = u - left;
    const q = top * width + left;
    const above = samples[q] + fx * (samples[q + 1] - samples[q]);
    const below = samples[q + width] + fx * (samples[q + width + 1] - samples[q + width]);
    const a = from.samples[p];
    const b = above + (v - top) * (below - above);
    count += 1;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  if (2 * count < pixels.length) return 0;
  const spreadA = sumAA - (sumA * sumA) / count;
  const spreadB = sumBB - (sumB * sumB) / count;
  if (!(spreadA > FLAT * sumAA && spreadB > FLAT * sumBB)) return 0;
  return (sumAB - (sumA * sumB) / count) / Math.sqrt(spreadA * spreadB);
}
