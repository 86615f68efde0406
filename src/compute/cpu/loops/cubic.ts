import { clamp } from '../../../film/interpolate.ts';

/*
 * Bicubic sampling (Catmull-Rom: Keys 1981, a = −½) of planar pictures, edges repeated. Positions come as whole part and fraction, so that
 * the same position in a differently cut region gives the same bits. Every operation on samples is rounded to 32 bits at once and stands in the
 * order of `../wasm/sampling.ts`: both give the same bits.
 */

const f32 = Math.fround;

const A = new Float32Array(4);
const B = new Float32Array(4);
const COLUMNS = new Int32Array(4);
const ROWS = new Int32Array(4);

/** The weights of the four taps as polynomials of the fraction: constant, linear, square and cube. */
const C0 = Float32Array.of(0, 1, 0, 0);
const C1 = Float32Array.of(-0.5, 0, 0.5, 0);
const C2 = Float32Array.of(1, -2.5, 2, -0.5);
const C3 = Float32Array.of(-0.5, 1.5, -1.5, 0.5);

function taps(f: number, to: Float32Array): void {
  for (let k = 0; k < 4; k++) to[k] = f32(f32(f32(f32(f32(C3[k] * f) + C2[k]) * f) + C1[k]) * f) + C0[k];
}

/** Writes the samples of `count` planes at (x + fx, y + fy) to `out[o]`, `out[o + apart]` … */
export function sample(
  planes: Float32Array,
  count: number,
  width: number,
  height: number,
  x: number,
  fx: number,
  y: number,
  fy: number,
  out: Float32Array,
  o: number,
  apart: number,
): void {
  taps(fx, A);
  taps(fy, B);
  for (let k = 0; k < 4; k++) {
    COLUMNS[k] = clamp(x + k - 1, 0, width - 1);
    ROWS[k] = width * clamp(y + k - 1, 0, height - 1);
  }
  for (let k = 0; k < count; k++) {
    const first = k * width * height;
    const a = f32(A[0] * column(planes, first + COLUMNS[0]));
    const b = f32(A[1] * column(planes, first + COLUMNS[1]));
    const c = f32(A[2] * column(planes, first + COLUMNS[2]));
    const d = f32(A[3] * column(planes, first + COLUMNS[3]));
    out[o + k * apart] = f32(a + b) + f32(c + d);
  }
}

function column(plane: Float32Array, i: number): number {
  const two = f32(f32(B[0] * plane[i + ROWS[0]]) + f32(B[1] * plane[i + ROWS[1]]));
  return f32(f32(two + f32(B[2] * plane[i + ROWS[2]])) + f32(B[3] * plane[i + ROWS[3]]));
}

/** The widest stretch of a kernel; beyond it shrink the picture by an area filter first. */
export const MAX_STRETCH = 16;
/** Places for the taps of the widest kernel, in fours. */
const MOST_TAPS = 4 * MAX_STRETCH + 4;
/** What loops with a kernel that widens take as `scratch`. */
export const TAPS_SCRATCH = 4 * MOST_TAPS;

const weightsX = new Float32Array(MOST_TAPS);
const weightsY = new Float32Array(MOST_TAPS);
const LANES = new Float32Array(4);
const WEIGHTED = new Float32Array(4);

/** Fills weights for the taps `first`, `first + 1` … around a fraction, which sum to 1, and returns their count. */
function wideTaps(weights: Float32Array, first: number, fraction: number, stretch: number): number {
  const count = Math.floor(f32(fraction + f32(2 * stretch))) - first + 1;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    weights[i] = catmullRom(f32(f32(Math.abs(f32(first + i - fraction))) / stretch));
    sum = f32(sum + weights[i]);
  }
  for (let i = 0; i < count; i++) weights[i] /= sum;
  return count;
}

/** Keys 1981, eq. 4 with a = −½, at distance `d` ≥ 0. */
function catmullRom(d: number): number {
  if (d < 1) return f32(f32(f32(f32(f32(1.5 * d) - 2.5) * d) * d) + 1);
  if (d < 2) return f32(f32(f32(f32(f32(2.5 - f32(0.5 * d)) * d) - 4) * d) + 2);
  return 0;
}

/** The same as `sample`, with a kernel that is wider by `across` and `down`. */
export function sampleWide(
  planes: Float32Array,
  count: number,
  width: number,
  height: number,
  x: number,
  fx: number,
  y: number,
  fy: number,
  across: number,
  down: number,
  out: Float32Array,
  o: number,
  apart: number,
): void {
  const left = Math.ceil(f32(fx - f32(2 * across)));
  const top = Math.ceil(f32(fy - f32(2 * down)));
  const columns = wideTaps(weightsX, left, fx, across);
  const rows = wideTaps(weightsY, top, fy, down);
  for (let k = 0; k < count; k++) {
    LANES.fill(0);
    for (let j = 0; j < rows; j++) {
      const row = k * width * height + width * clamp(y + top + j, 0, height - 1);
      WEIGHTED.fill(0);
      for (let i = 0; i < columns; i++) {
        WEIGHTED[i & 3] += f32(weightsX[i] * planes[row + clamp(x + left + i, 0, width - 1)]);
      }
      for (let l = 0; l < 4; l++) LANES[l] += f32(weightsY[j] * WEIGHTED[l]);
    }
    out[o + k * apart] = f32(LANES[0] + LANES[1]) + f32(LANES[2] + LANES[3]);
  }
}
