import { softMean } from './soft-mean.ts';

/** Deviation of the picture, 0 … 1, below which likeness is not judged: what differs there is grain. */
const FLOOR = 3 / 255;

/**
 * How alike two pictures are around each pixel, whatever their brightness: structure and contrast as SSIM has them (Wang 2004, eq. 8
 * and 10: 2·cov / (varA + varB)) in a square window of standard deviation `sigma` pixels; `Float32Array` of size², −1 … 1. Where neither has texture it tends
 * to 0.
 */
export function localLikeness(a: Float32Array, b: Float32Array, size: number, sigma: number): Float32Array {
  const area = size * size;
  const squares = new Float32Array(area);
  const product = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    const p = a[i] as number;
    const q = b[i] as number;
    squares[i] = p * p + q * q;
    product[i] = p * q;
  }
  const meanA = softMean(a, size, sigma, 1);
  const meanB = softMean(b, size, sigma, 1);
  const meanSquares = softMean(squares, size, sigma, 1);
  const meanProduct = softMean(product, size, sigma, 1);
  const out = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    const p = meanA[i] as number;
    const q = meanB[i] as number;
    const variances = Math.max(0, (meanSquares[i] as number) - p * p - q * q);
    out[i] = (2 * ((meanProduct[i] as number) - p * q)) / (variances + 2 * FLOOR * FLOOR);
  }
  return out;
}
