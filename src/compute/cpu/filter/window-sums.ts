/**
 * Sums under a window that moves along rows or down columns, times a factor. Each holds the window's own samples and nothing of those that
 * lie before it, as a running sum does: a device that adds up every window by itself finds the same to a few ulps.
 *
 * A line is cut into blocks as long as the window. A window is the end of one block and the beginning of the next, so that a sum
 * takes three additions however long the window is (van Herk 1992 and Gil and Werman 1993, with sums for their maxima).
 */

/** Writes `factor` times the sums of `line[k]` … `line[k + length − 1]` to `out[o + k]` for `count` windows; `ends` has `length` places. */
export function sumsAlong(
  line: Float32Array,
  count: number,
  length: number,
  factor: number,
  ends: Float64Array,
  out: Float32Array,
  o: number,
): void {
  for (let first = 0; first < count; first += length) {
    let end = 0;
    for (let k = length - 1; k >= 0; k--) {
      end += line[first + k];
      ends[k] = end;
    }
    out[o + first] = factor * end;
    const windows = Math.min(length, count - first);
    let beginning = 0;
    for (let k = 1, next = first + length; k < windows; k++, next++) {
      beginning += line[next];
      out[o + first + k] = factor * (ends[k] + beginning);
    }
  }
}

/** Columns to be summed down. */
export interface Columns {
  readonly plane: Float32Array;
  readonly width: number;
  /** Where each row begins in the plane, in their order; negative: a row of zeros. */
  readonly rows: Int32Array;
}

/** The same down the columns, a row at a time: row k of `out` is `factor` times the sum of rows k … k + length − 1. */
export function sumsDown(columns: Columns, length: number, factor: number, out: Float32Array): void {
  const { plane, width, rows } = columns;
  const count = rows.length - length + 1;
  // One row more than a block: nothing follows its last one.
  const ends = new Float64Array((length + 1) * width);
  const beginning = new Float64Array(width);
  for (let first = 0; first < count; first += length) {
    for (let k = length - 1; k >= 0; k--) addRow(ends, k * width, (k + 1) * width, plane, rows[first + k], width);
    beginning.fill(0);
    scaledSum(ends, 0, beginning, factor, out, first * width);
    const windows = Math.min(length, count - first);
    for (let k = 1; k < windows; k++) {
      const from = rows[first + length + k - 1];
      if (from < 0) scaledSum(ends, k * width, beginning, factor, out, (first + k) * width);
      else grownSum(ends, k * width, beginning, factor, out, (first + k) * width, plane, from);
    }
  }
}

/** Row `o` of `ends` becomes row `before` and a row of the plane. */
function addRow(ends: Float64Array, o: number, before: number, plane: Float32Array, from: number, width: number): void {
  if (from < 0) ends.copyWithin(o, before, before + width);
  else for (let x = 0; x < width; x++) ends[o + x] = ends[before + x] + plane[from + x];
}

function scaledSum(
  ends: Float64Array,
  e: number,
  beginning: Float64Array,
  factor: number,
  out: Float32Array,
  o: number,
) {
  for (let x = 0; x < beginning.length; x++) out[o + x] = factor * (ends[e + x] + beginning[x]);
}

/** The same, once a row of the plane has been added to `beginning`. */
function grownSum(
  ends: Float64Array,
  e: number,
  beginning: Float64Array,
  factor: number,
  out: Float32Array,
  o: number,
  plane: Float32Array,
  from: number,
): void {
  for (let x = 0; x < beginning.length; x++) {
    const sum = beginning[x] + plane[from + x];
    beginning[x] = sum;
    out[o + x] = factor * (ends[e + x] + sum);
  }
}
