import { boxBlur } from '../../compute/cpu/box-blur.ts';

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
  const meanA = boxBlur(a, size, sigma, 1);
  const meanB = boxBlur(b, size, sigma, 1);
  const meanSquares = boxBlur(squares, size, sigma, 1);
  const meanProduct = boxBlur(product, size, sigma, 1);
  const out = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    const p = meanA[i] as number;
    const q = meanB[i] as number;
    const variances = Math.max(0, (meanSquares[i] as number) - p * p - q * q);
    out[i] = (2 * ((meanProduct[i] as number) - p * q)) / (variances + 2 * FLOOR * FLOOR);
  }
  return out;
}

/** Contrast of a picture over another's beyond which it is noise that is read. */
const MOST_CONTRAST = 1.2;

/**
 * How much contrast `a` has for the contrast of `b` around each pixel, 0 … 1.2: the slope of a on b by least squares in a window of
 * standard deviation `sigma` pixels; towards 1 where b has none. A faded print, or a picture half dissolved, has less than a still.
 */
export function localContrast(a: Float32Array, b: Float32Array, size: number, sigma: number): Float32Array {
  const squares = new Float32Array(a.length);
  const product = new Float32Array(a.length);
  for (let i = 0; i < squares.length; i++) {
    squares[i] = (b[i] as number) * (b[i] as number);
    product[i] = (a[i] as number) * (b[i] as number);
  }
  const meanA = boxBlur(a, size, sigma);
  const meanB = boxBlur(b, size, sigma);
  const meanSquares = boxBlur(squares, size, sigma);
  const meanProduct = boxBlur(product, size, sigma);
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) {
    const p = meanA[i] as number;
    const q = meanB[i] as number;
    const prior = FLOOR * FLOOR;
    const slope =
      ((meanProduct[i] as number) - p * q + prior) / (Math.max(0, (meanSquares[i] as number) - q * q) + prior);
    out[i] = Math.min(MOST_CONTRAST, Math.max(0, slope));
  }
  return out;
}
