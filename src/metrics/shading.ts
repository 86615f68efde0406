/** Side of the grid of cells. A patch is about four inter-ocular distances wide: a cell is about a sixth of one. */
export const GRID = 24;
/** White noise of standard deviation σ has a second difference of √6·σ: dividing by it reads σ. */
const SECOND_DIFFERENCE = Math.sqrt(6);

/** Cells that the face fills less than this are left out: the mean of a few pixels at its edge is grain. */
const FILLED = 0.5;

/** A face's shading without its grain: mean luma of each of 24 × 24 cells of its patch; NaN where the face fills less than half. */
export type Shading = Float32Array;

/**
 * @param luma `Float32Array` of size², in face space
 * @param weights of size², 0 … 1; 0 is not the face: a matte, or a mask
 */
export function shadingOf(luma: Float32Array, weights: ArrayLike<number>, size: number): Shading {
  const sums = new Float32Array(GRID * GRID);
  const totals = new Float32Array(GRID * GRID);
  const columns = Int32Array.from({ length: size }, (_, x) => Math.floor((x * GRID) / size));
  for (let y = 0, i = 0; y < size; y++) {
    const row = GRID * columns[y];
    for (let x = 0; x < size; x++, i++) {
      const weight = weights[i];
      if (!(weight > 0)) continue;
      const cell = row + columns[x];
      sums[cell] = sums[cell] + weight * luma[i];
      totals[cell] = totals[cell] + weight;
    }
  }
  return shadingOfSums(sums, totals, size);
}

/** The same from the weighted sum of luma of each cell, and its weight. */
export function shadingOfSums(sums: Float32Array, totals: Float32Array, size: number): Shading {
  const least = FILLED * (size / GRID) ** 2;
  return sums.map((sum, cell) => {
    const total = totals[cell];
    return total >= least ? sum / total : Number.NaN;
  });
}

/**
 * HF2-LP: change of shading over three frames in a row beyond smooth motion. Root mean square over the cells that are the face's
 * in all three of the second difference in time, over √6, 8-bit levels; 0 without such a cell.
 *
 * The low-pass is a mean over cells, not a Gaussian of so many pixels: it means the same whatever the patch's size, is cheap
 * enough for every face that is rendered, and leaves 576 numbers of a frame to be kept. At 256 pixels a cell keeps as much of
 * white noise (9.4 %) as a Gaussian of 3 pixels does.
 */
export function shadingFlicker(before: Shading, now: Shading, after: Shading): number {
  return difference(now.length, (i) => before[i] - 2 * now[i] + after[i]) / SECOND_DIFFERENCE;
}

/** Root mean square difference of the cells that are the face's in both, 8-bit levels: a change beyond grain. */
export function shadingChange(before: Shading, after: Shading): number {
  return difference(before.length, (i) => after[i] - before[i]);
}

function difference(length: number, at: (cell: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const d = at(i);
    if (Number.isNaN(d)) continue;
    sum += d * d;
    count += 1;
  }
  return count > 0 ? 255 * Math.sqrt(sum / count) : 0;
}
