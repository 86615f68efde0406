import { blurPatch } from '../comp/blur.ts';

/** Deviation of the picture, 0 … 1, below which likeness is not judged: what differs there is grain. */
const FLOOR = 3 / 255;

/**
 * How alike two pictures are around each pixel, whatever their brightness and contrast: normalised cross-correlation in a Gaussian
 * window of `sigma` pixels, `Float32Array` of size², −1 … 1. Where neither has texture it tends to 0.
 */
export function localLikeness(a: Float32Array, b: Float32Array, size: number, sigma: number): Float32Array {
  const area = size * size;
  // Blurred together, so that what the blur sets up is set up once.
  const moments = new Float32Array(5 * area);
  for (let i = 0; i < area; i++) {
    const p = a[i] as number;
    const q = b[i] as number;
    moments[i] = p;
    moments[area + i] = q;
    moments[2 * area + i] = p * p;
    moments[3 * area + i] = q * q;
    moments[4 * area + i] = p * q;
  }
  const blurred = blurPatch(moments, size, sigma);
  const out = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    const p = blurred[i] as number;
    const q = blurred[area + i] as number;
    const varianceA = Math.max(0, (blurred[2 * area + i] as number) - p * p);
    const varianceB = Math.max(0, (blurred[3 * area + i] as number) - q * q);
    const covariance = (blurred[4 * area + i] as number) - p * q;
    out[i] = (2 * covariance) / (varianceA + varianceB + 2 * FLOOR * FLOOR);
  }
  return out;
}
