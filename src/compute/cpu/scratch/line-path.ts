import type { Ridges } from './ridges.ts';

/** A way down a picture, one column a row of its ridges. */
export interface LinePath {
  readonly columns: Int32Array;
  /** Mean over its rows of what stands out there, less what its bends cost, deviations. */
  readonly evidence: number;
}

/** What one row may add at least, and from where on more adds little: no feature stands for a line, deviations. */
const LEAST = -1;
const MUCH = 4;
const OF_MORE = 0.002;
/** What a step to the next column takes away, deviations: hair, outlines and texture bend, and the next line is many steps away. */
const OF_STEP = 5;

/**
 * The way from the first row to the last along which most stands out, by dynamic programming (Viterbi 1967): it may step by one column a row.
 *
 * @param sign 1 = bright lines, −1 = dark ones
 * @param taken not 0 where another way runs
 */
export function bestPath({ width, rows, deviations }: Ridges, sign: 1 | -1, taken: Uint8Array): LinePath {
  const steps = new Int8Array(rows * width);
  let before = new Float32Array(width);
  let now = new Float32Array(width);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let x = 0; x < width; x++, i++) {
      let best = before[x];
      let step = 0;
      if (row > 0) {
        if (x > 0 && before[x - 1] - OF_STEP > best) {
          best = before[x - 1] - OF_STEP;
          step = -1;
        }
        if (x + 1 < width && before[x + 1] - OF_STEP > best) {
          best = before[x + 1] - OF_STEP;
          step = 1;
        }
      }
      now[x] = best + (taken[i] === 0 ? counted(sign * deviations[i]) : LEAST);
      steps[i] = step;
    }
    [before, now] = [now, before];
  }
  let x = 0;
  for (let k = 1; k < width; k++) if (before[k] > before[x]) x = k;
  const evidence = before[x] / rows;
  const columns = new Int32Array(rows);
  for (let row = rows - 1; row >= 0; row--) {
    columns[row] = x;
    x += steps[row * width + x];
  }
  return { columns, evidence };
}

function counted(deviations: number): number {
  return deviations > MUCH ? MUCH + OF_MORE * (deviations - MUCH) : Math.max(LEAST, deviations);
}
