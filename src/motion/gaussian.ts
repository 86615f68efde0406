import type { Luma } from './luma.ts';

/** The picture convolved with a Gaussian of standard deviation `sigma` pixels (cut at 3 sigma), edges repeated. */
export function gaussianBlur(luma: Luma, sigma: number): Luma {
  if (!(sigma > 0)) return luma;
  const kernel = gaussianKernel(sigma);
  const { width, height } = luma;
  const across = new Float32Array(width * height);
  for (let y = 0; y < height; y++) convolve(luma.samples, across, y * width, 1, width, kernel);
  const samples = new Float32Array(width * height);
  blurRows(across, samples, width, height, kernel);
  return { width, height, samples };
}

/** Half of a symmetric kernel: `kernel[0]` is its centre; the whole sums to 1. */
export function gaussianKernel(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float32Array.from({ length: radius + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)));
  const sum = kernel.reduce((total, v, k) => total + (k === 0 ? v : 2 * v), 0);
  return kernel.map((v) => v / sum);
}

function convolve(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
  kernel: Float32Array,
): void {
  const radius = kernel.length - 1;
  const centre = kernel[0];
  for (let i = 0; i < length; i++) {
    const at = start + i * stride;
    let sum = centre * from[at];
    if (i >= radius && i + radius < length) {
      for (let k = 1; k <= radius; k++) {
        sum += kernel[k] * (from[at - k * stride] + from[at + k * stride]);
      }
    } else {
      for (let k = 1; k <= radius; k++) {
        const low = Math.max(0, i - k);
        const high = Math.min(length - 1, i + k);
        sum += kernel[k] * (from[start + low * stride] + from[start + high * stride]);
      }
    }
    to[at] = sum;
  }
}

/** Down the columns, a whole row at a time, which memory likes better than a column at a time. */
function blurRows(from: Float32Array, to: Float32Array, width: number, height: number, kernel: Float32Array): void {
  for (let y = 0; y < height; y++) {
    const out = y * width;
    for (let k = 0; k < kernel.length; k++) {
      const weight = kernel[k];
      const above = Math.max(0, y - k) * width;
      const below = Math.min(height - 1, y + k) * width;
      if (k === 0) for (let x = 0; x < width; x++) to[out + x] = weight * from[above + x];
      else {
        for (let x = 0; x < width; x++) {
          to[out + x] = to[out + x] + weight * (from[above + x] + from[below + x]);
        }
      }
    }
  }
}
