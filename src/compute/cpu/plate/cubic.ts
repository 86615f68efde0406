import { clamp } from '../../../film/interpolate.ts';
/**
 * Bicubic sampling (Catmull-Rom: Keys 1981, a = −½) of planar pictures. Sample `i` has its centre at coordinate `i`; beyond the
 * edge the edge's sample is repeated.
 *
 * Positions come as whole part and fraction, so that the same position in a differently cut region gives the same bits.
 */

/** Writes the value of each plane at (`x + fx`, `y + fy`) to `out`. Planes are `width` × `height`; fractions 0 … 1. */
export function sampleCubic(
  planes: readonly Float32Array[],
  width: number,
  height: number,
  x: number,
  fx: number,
  y: number,
  fy: number,
  out: Float64Array,
): void {
  const a0 = ((2 - fx) * fx - 1) * fx * 0.5;
  const a1 = ((3 * fx - 5) * fx * fx + 2) * 0.5;
  const a3 = (fx - 1) * fx * fx * 0.5;
  const a2 = 1 - a0 - a1 - a3;
  const b0 = ((2 - fy) * fy - 1) * fy * 0.5;
  const b1 = ((3 * fy - 5) * fy * fy + 2) * 0.5;
  const b3 = (fy - 1) * fy * fy * 0.5;
  const b2 = 1 - b0 - b1 - b3;
  let x0 = x - 1;
  let x1 = x;
  let x2 = x + 1;
  let x3 = x + 2;
  let r0 = (y - 1) * width;
  let r1 = y * width;
  let r2 = (y + 1) * width;
  let r3 = (y + 2) * width;
  if (x < 1 || x + 2 >= width || y < 1 || y + 2 >= height) {
    x0 = clamp(x0, 0, width - 1);
    x1 = clamp(x1, 0, width - 1);
    x2 = clamp(x2, 0, width - 1);
    x3 = clamp(x3, 0, width - 1);
    r0 = clamp(y - 1, 0, height - 1) * width;
    r1 = clamp(y, 0, height - 1) * width;
    r2 = clamp(y + 1, 0, height - 1) * width;
    r3 = clamp(y + 2, 0, height - 1) * width;
  }
  for (let k = 0; k < planes.length; k++) {
    const p = planes[k];
    out[k] =
      b0 * (a0 * p[r0 + x0] + a1 * p[r0 + x1] + a2 * p[r0 + x2] + a3 * p[r0 + x3]) +
      b1 * (a0 * p[r1 + x0] + a1 * p[r1 + x1] + a2 * p[r1 + x2] + a3 * p[r1 + x3]) +
      b2 * (a0 * p[r2 + x0] + a1 * p[r2 + x1] + a2 * p[r2 + x2] + a3 * p[r2 + x3]) +
      b3 * (a0 * p[r3 + x0] + a1 * p[r3 + x1] + a2 * p[r3 + x2] + a3 * p[r3 + x3]);
  }
}

/** The widest stretch that `sampleStretched` takes; beyond it shrink the picture by an area filter first. */
export const MAX_STRETCH = 16;

const weightsX = new Float64Array(4 * MAX_STRETCH + 2);
const weightsY = new Float64Array(4 * MAX_STRETCH + 2);

/**
 * Like `sampleCubic`, with the kernel widened by `stretchX`, `stretchY` (1 … `MAX_STRETCH` samples per target pixel), which keeps
 * frequencies that the coarser target cannot hold from folding back. At 1 it is `sampleCubic`.
 */
export function sampleStretched(
  planes: readonly Float32Array[],
  width: number,
  height: number,
  x: number,
  fx: number,
  y: number,
  fy: number,
  stretchX: number,
  stretchY: number,
  out: Float64Array,
): void {
  const left = Math.ceil(fx - 2 * stretchX);
  const top = Math.ceil(fy - 2 * stretchY);
  const columns = kernel(weightsX, left, fx, stretchX);
  const rows = kernel(weightsY, top, fy, stretchY);
  const inside = x + left >= 0 && x + left + columns <= width && y + top >= 0 && y + top + rows <= height;
  for (let k = 0; k < planes.length; k++) {
    const p = planes[k];
    out[k] = inside
      ? weighted(p, (y + top) * width + x + left, width, columns, rows)
      : weightedAtEdge(p, width, height, x + left, y + top, columns, rows);
  }
}

/** The sum over `columns` × `rows` samples from index `start` on, weighted by the kernels last filled. */
function weighted(p: Float32Array, start: number, width: number, columns: number, rows: number): number {
  const wx = weightsX;
  const wy = weightsY;
  let sum = 0;
  for (let j = 0; j < rows; j++, start += width) {
    let line = 0;
    for (let i = 0; i < columns; i++) line += wx[i] * p[start + i];
    sum += wy[j] * line;
  }
  return sum;
}

function weightedAtEdge(
  p: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  columns: number,
  rows: number,
): number {
  let sum = 0;
  for (let j = 0; j < rows; j++) {
    const row = clamp(y + j, 0, height - 1) * width;
    let line = 0;
    for (let i = 0; i < columns; i++) {
      line += weightsX[i] * p[row + clamp(x + i, 0, width - 1)];
    }
    sum += weightsY[j] * line;
  }
  return sum;
}

/** Fills `weights` for the taps `first`, `first + 1` … around the fraction and returns their count; they sum to 1. */
function kernel(weights: Float64Array, first: number, fraction: number, stretch: number): number {
  const count = Math.floor(fraction + 2 * stretch) - first + 1;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const w = catmullRom(Math.abs(first + i - fraction) / stretch);
    weights[i] = w;
    sum += w;
  }
  for (let i = 0; i < count; i++) weights[i] = weights[i] / sum;
  return count;
}

/** Keys 1981, eq. 4 with a = −½, at distance `d` ≥ 0. */
function catmullRom(d: number): number {
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((2.5 - 0.5 * d) * d - 4) * d + 2;
  return 0;
}
