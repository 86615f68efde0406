import { clamp } from '../../../film/interpolate.ts';
import { gaussianKernel } from '../../../motion/gaussian.ts';
import { type FloatPool, FRESH } from '../float-pool.ts';

/**
 * A plane of `width` · `height` convolved with a Gaussian of standard deviation `sigma` > 0 pixels (cut at 3 sigma), edges repeated; lent
 * by the pool. Every sample is the sum of its own window, from the middle outwards, rounded once a direction.
 */
export function gaussian(
  plane: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  sigma: number,
  pool: FloatPool = FRESH,
): Float32Array {
  const kernel = gaussianKernel(sigma);
  const radius = kernel.length - 1;
  const across = pool.lend(plane.length);
  // Four sums are made at once, and may run over the end by three.
  const line = pool.zeroed(width + 2 * radius + 3);
  for (let row = 0; row < plane.length; row += width) {
    for (let x = 0; x < width; x++) line[radius + x] = plane[row + x];
    line.fill(plane[row], 0, radius);
    line.fill(plane[row + width - 1], radius + width);
    alongRow(line, kernel, width, across, row);
  }
  const out = pool.lend(plane.length);
  const above = new Int32Array(radius + 1);
  const below = new Int32Array(radius + 1);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k <= radius; k++) {
      above[k] = width * clamp(y - k, 0, height - 1);
      below[k] = width * clamp(y + k, 0, height - 1);
    }
    downRow(across, above, below, kernel, width, out, y * width);
  }
  pool.giveBack(across, line);
  return out;
}

function alongRow(line: Float32Array, kernel: Float32Array, width: number, out: Float32Array, o: number): void {
  const radius = kernel.length - 1;
  for (let x = 0; x < width; x += 4) {
    const at = x + radius;
    let a = kernel[0] * line[at];
    let b = kernel[0] * line[at + 1];
    let c = kernel[0] * line[at + 2];
    let d = kernel[0] * line[at + 3];
    for (let k = 1; k <= radius; k++) {
      const w = kernel[k];
      const low = at - k;
      const high = at + k;
      a += w * (line[low] + line[high]);
      b += w * (line[low + 1] + line[high + 1]);
      c += w * (line[low + 2] + line[high + 2]);
      d += w * (line[low + 3] + line[high + 3]);
    }
    out[o + x] = a;
    if (x + 1 < width) out[o + x + 1] = b;
    if (x + 2 < width) out[o + x + 2] = c;
    if (x + 3 < width) out[o + x + 3] = d;
  }
}

/** `above` and `below`: where the rows begin that lie 0, 1, 2 … away, edges repeated. */
function downRow(
  plane: Float32Array,
  above: Int32Array,
  below: Int32Array,
  kernel: Float32Array,
  width: number,
  out: Float32Array,
  o: number,
): void {
  const whole = width & ~3;
  for (let x = 0; x < whole; x += 4) {
    const at = above[0] + x;
    let a = kernel[0] * plane[at];
    let b = kernel[0] * plane[at + 1];
    let c = kernel[0] * plane[at + 2];
    let d = kernel[0] * plane[at + 3];
    for (let k = 1; k < kernel.length; k++) {
      const w = kernel[k];
      const p = above[k] + x;
      const q = below[k] + x;
      a += w * (plane[p] + plane[q]);
      b += w * (plane[p + 1] + plane[q + 1]);
      c += w * (plane[p + 2] + plane[q + 2]);
      d += w * (plane[p + 3] + plane[q + 3]);
    }
    out[o + x] = a;
    out[o + x + 1] = b;
    out[o + x + 2] = c;
    out[o + x + 3] = d;
  }
  for (let x = whole; x < width; x++) {
    let sum = kernel[0] * plane[above[0] + x];
    for (let k = 1; k < kernel.length; k++) sum += kernel[k] * (plane[above[k] + x] + plane[below[k] + x]);
    out[o + x] = sum;
  }
}
