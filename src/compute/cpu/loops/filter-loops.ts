import { clamp } from '../../../film/interpolate.ts';

/*
 * Every operation is rounded to 32 bits at once and stands in the order in which `../wasm/filter.ts` carries it out: both give the same bits.
 */

const f32 = Math.fround;

/** Convolves a plane with half a symmetric kernel of `radius + 1` taps; `across` is a plane, `line` holds width + 2 radius + 3. */
function gaussian(
  plane: Float32Array,
  across: Float32Array,
  line: Float32Array,
  out: Float32Array,
  kernel: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  for (let row = 0; row < width * height; row += width) {
    for (let x = -radius; x < width + radius; x++) line[radius + x] = plane[row + clamp(x, 0, width - 1)];
    for (let x = 0; x < width; x++) {
      const at = radius + x;
      let sum = f32(kernel[0] * line[at]);
      for (let k = 1; k <= radius; k++) sum = f32(sum + f32(kernel[k] * f32(line[at - k] + line[at + k])));
      across[row + x] = sum;
    }
  }
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      let sum = f32(kernel[0] * across[o]);
      for (let k = 1; k <= radius; k++) {
        const above = across[Math.max(0, y - k) * width + x];
        const below = across[Math.min(height - 1, y + k) * width + x];
        sum = f32(sum + f32(kernel[k] * f32(above + below)));
      }
      out[o] = sum;
    }
  }
}

/*
 * Means under a window of 2 radius + 1 samples, edges repeated. Each holds the window's own samples and nothing of those that lie before it, as
 * a running sum does. A line is cut into blocks as long as the window: a window is the end of one block and the beginning of the next, so
 * that a sum takes three additions however long the window is (van Herk 1992 and Gil and Werman 1993, with sums for their maxima).
 */

/** Means along rows; `scratch` holds 4 · (width + 2 radius + 2 radius + 1). */
function boxAcross(
  plane: Float32Array,
  out: Float32Array,
  scratch: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const length = 2 * radius + 1;
  const factor = f32(1 / length);
  const ends = scratch.subarray(width + 2 * radius);
  for (let row = 0; row < width * height; row += width) {
    for (let x = -radius; x < width + radius; x++) scratch[radius + x] = plane[row + clamp(x, 0, width - 1)];
    for (let first = 0; first < width; first += length) {
      let end = 0;
      for (let k = length - 1; k >= 0; k--) {
        end = f32(end + scratch[first + k]);
        ends[k] = end;
      }
      out[row + first] = factor * end;
      const windows = Math.min(length, width - first);
      let beginning = 0;
      for (let k = 1; k < windows; k++) {
        beginning = f32(beginning + scratch[first + length + k - 1]);
        out[row + first + k] = factor * f32(ends[k] + beginning);
      }
    }
  }
}

/** The same down columns; `scratch` holds (2 radius + 2) · width. */
function boxDown(
  plane: Float32Array,
  out: Float32Array,
  scratch: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const length = 2 * radius + 1;
  const factor = f32(1 / length);
  const rowAt = (y: number) => width * clamp(y - radius, 0, height - 1);
  const beginning = scratch.subarray(length * width, (length + 1) * width);
  for (let first = 0; first < height; first += length) {
    for (let k = length - 1; k >= 0; k--) {
      const row = rowAt(first + k);
      for (let x = 0, o = k * width; x < width; x++, o++) {
        scratch[o] = k === length - 1 ? plane[row + x] : scratch[o + width] + plane[row + x];
      }
    }
    beginning.fill(0);
    for (let x = 0; x < width; x++) out[first * width + x] = factor * scratch[x];
    const windows = Math.min(length, height - first);
    for (let k = 1; k < windows; k++) {
      const row = rowAt(first + length + k - 1);
      for (let x = 0, o = (first + k) * width; x < width; x++, o++) {
        beginning[x] += plane[row + x];
        out[o] = factor * f32(scratch[k * width + x] + beginning[x]);
      }
    }
  }
}

/** A square of even side at half of it: means of 2 × 2. */
function halved(plane: Float32Array, out: Float32Array, size: number): void {
  const half = size >> 1;
  for (let y = 0, o = 0; y < half; y++) {
    for (let x = 0, i = 2 * y * size; x < half; x++, o++, i += 2) out[o] = 0.25 * squareSum(plane, i, size);
  }
}

function squareSum(plane: Float32Array, i: number, size: number): number {
  return f32(f32(f32(plane[i] + plane[i + 1]) + plane[i + size]) + plane[i + size + 1]);
}

/** The weighted sum of three planes at half their side; the weights are those of luma over 4. */
function halvedLuma(
  rgb: Float32Array,
  out: Float32Array,
  size: number,
  red: number,
  green: number,
  blue: number,
): void {
  const half = size >> 1;
  const area = size * size;
  const [r, g, b] = [f32(red), f32(green), f32(blue)];
  for (let y = 0, o = 0; y < half; y++) {
    for (let x = 0, i = 2 * y * size; x < half; x++, o++, i += 2) {
      const two = f32(f32(r * squareSum(rgb, i, size)) + f32(g * squareSum(rgb, i + area, size)));
      out[o] = two + f32(b * squareSum(rgb, i + 2 * area, size));
    }
  }
}

/** A square at twice its side, bilinear, edges repeated; `line` holds half + 2. */
function doubled(plane: Float32Array, line: Float32Array, out: Float32Array, half: number): void {
  for (let y = 0, o = 0; y < 2 * half; y++) {
    const near = (y >> 1) * half;
    const far = half * clamp((y >> 1) + (y % 2 === 0 ? -1 : 1), 0, half - 1);
    for (let x = 0; x < half; x++) line[1 + x] = f32(0.75 * plane[near + x]) + f32(0.25 * plane[far + x]);
    line[0] = line[1];
    line[half + 1] = line[half];
    for (let x = 0; x < half; x++, o += 2) {
      const v = f32(0.75 * line[x + 1]);
      out[o] = v + f32(0.25 * line[x]);
      out[o + 1] = v + f32(0.25 * line[x + 2]);
    }
  }
}

/** The weighted sum of three planes of `count` samples. */
function luma(rgb: Float32Array, out: Float32Array, count: number, red: number, green: number, blue: number): void {
  const [r, g, b] = [f32(red), f32(green), f32(blue)];
  for (let i = 0; i < count; i++) {
    out[i] = f32(f32(r * rgb[i]) + f32(g * rgb[count + i])) + f32(b * rgb[2 * count + i]);
  }
}

export const FILTER_LOOPS = {
  gaussian,
  boxAcross,
  boxDown,
  halved,
  halvedLuma,
  doubled,
  luma,
};
