import type { Raster } from './resample.ts';

/** The raster under a Gaussian of standard deviation `sigma` pixels (cut at 2.6 sigma); edges are repeated. */
export function gaussianBlurred(source: Raster, sigma: number): Raster {
  if (sigma < 0.2) return source;
  const { width, height, channels } = source;
  const kernel = gaussianKernel(sigma);
  const row = width * channels;
  const across = new Float32Array(source.data.length);
  for (let j = 0; j < height; j++) {
    blurLine(source.data, across, kernel, j * row, channels, width, channels);
  }
  const data = new Float32Array(source.data.length);
  blurRows(across, data, kernel, row, height);
  return { width, height, channels, data };
}

/** Half of a Gaussian kernel, from its middle outwards, of which the whole sums to 1. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(2.6 * sigma);
  const half = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp(-(k * k) / (2 * sigma * sigma)));
  const sum = half.reduce((a, b) => a + 2 * b, 0) - 1;
  return half.map((v) => v / sum);
}

function blurLine(
  from: Float32Array,
  to: Float32Array,
  kernel: Float64Array,
  start: number,
  step: number,
  count: number,
  channels: number,
): void {
  const radius = kernel.length - 1;
  const middle = kernel[0] as number;
  for (let i = 0; i < count; i++) {
    const at = start + i * step;
    const inner = i >= radius && i < count - radius;
    for (let c = 0; c < channels; c++) {
      let sum = middle * (from[at + c] as number);
      for (let k = 1; k <= radius; k++) {
        const before = inner ? at - k * step : start + Math.max(0, i - k) * step;
        const after = inner ? at + k * step : start + Math.min(count - 1, i + k) * step;
        sum += (kernel[k] as number) * ((from[before + c] as number) + (from[after + c] as number));
      }
      to[at + c] = sum;
    }
  }
}

/** Blurs down the columns, a whole row at a time: the memory is read in order. `row` is a row's length, `rows` their number. */
export function blurRows(from: Float32Array, to: Float32Array, kernel: Float64Array, row: number, rows: number): void {
  const radius = kernel.length - 1;
  const sums = new Float64Array(row);
  const middle = kernel[0] as number;
  for (let j = 0; j < rows; j++) {
    const at = j * row;
    for (let i = 0; i < row; i++) sums[i] = middle * (from[at + i] as number);
    for (let k = 1; k <= radius; k++) {
      const weight = kernel[k] as number;
      const before = Math.max(0, j - k) * row;
      const after = Math.min(rows - 1, j + k) * row;
      for (let i = 0; i < row; i++) {
        sums[i] = (sums[i] as number) + weight * ((from[before + i] as number) + (from[after + i] as number));
      }
    }
    to.set(sums, at);
  }
}
