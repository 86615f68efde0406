import type { Luma } from './luma.ts';

/** Added to the local mean, so that black does not become noise: a display level of 5. */
const FLOOR = 5 / 255;

/**
 * The picture divided by its own local mean: what is left is reflectance, about 1, and a flicker of the exposure is gone.
 *
 * Without it 1 % of exposure breathing multiplies the jitter of Lucas–Kanade by five. `radius` is in pixels; a quarter of the
 * inter-ocular distance suits a face. The mean is a box passed twice (a tent), edges repeated.
 */
export function normaliseLocally(luma: Luma, radius: number): Luma {
  const { width, height, samples } = luma;
  const size = Math.max(1, Math.round(radius));
  const mean = boxBlur(boxBlur(samples, width, height, size), width, height, size);
  const out = new Float32Array(samples.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = ((samples[i] as number) + FLOOR) / ((mean[i] as number) + FLOOR);
  }
  return { width, height, samples: out };
}

/** Mean over squares of 2·radius + 1 pixels by running sums, edges repeated. */
function boxBlur(samples: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(samples.length);
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += samples[row + clamp(k, width)] as number;
    for (let x = 0; x < width; x++) {
      across[row + x] = sum * scale;
      sum +=
        (samples[row + clamp(x + radius + 1, width)] as number) - (samples[row + clamp(x - radius, width)] as number);
    }
  }
  const out = new Float32Array(samples.length);
  const sums = new Float64Array(width);
  for (let k = -radius; k <= radius; k++) addRow(sums, across, clamp(k, height) * width, 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = (sums[x] as number) * scale;
    addRow(sums, across, clamp(y + radius + 1, height) * width, 1);
    addRow(sums, across, clamp(y - radius, height) * width, -1);
  }
  return out;
}

function addRow(sums: Float64Array, from: Float32Array, start: number, sign: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + sign * (from[start + x] as number);
}

function clamp(i: number, length: number): number {
  return i < 0 ? 0 : i >= length ? length - 1 : i;
}
