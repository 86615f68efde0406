import { clamp } from '../film/interpolate.ts';
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
  const mean = new Float32Array(samples.length);
  const out = new Float32Array(samples.length);
  boxBlur(samples, mean, out, width, height, size);
  boxBlur(mean, mean, out, width, height, size);
  for (let i = 0; i < out.length; i++) {
    out[i] = (samples[i] + FLOOR) / (mean[i] + FLOOR);
  }
  return { width, height, samples: out };
}

/** Mean over squares of 2·radius + 1 pixels by running sums, edges repeated. `out` may be `samples`; `across` is scratch of that size. */
function boxBlur(
  samples: Float32Array,
  out: Float32Array,
  across: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const last = row + width - 1;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += samples[row + clamp(k, 0, width - 1)];
    for (let x = 0; x < width; x++) {
      across[row + x] = sum * scale;
      const entering = row + x + radius + 1;
      const leaving = row + x - radius;
      sum += samples[Math.min(entering, last)] - samples[Math.max(leaving, row)];
    }
  }
  const sums = new Float64Array(width);
  for (let k = -radius; k <= radius; k++) {
    const row = clamp(k, 0, height - 1) * width;
    for (let x = 0; x < width; x++) sums[x] = sums[x] + across[row + x];
  }
  for (let y = 0; y < height; y++) {
    const entering = clamp(y + radius + 1, 0, height - 1) * width;
    const leaving = clamp(y - radius, 0, height - 1) * width;
    for (let x = 0, o = y * width; x < width; x++, o++) {
      const sum = sums[x];
      out[o] = sum * scale;
      sums[x] = sum + across[entering + x] - across[leaving + x];
    }
  }
}
