import { lumaOfPlanar } from '../compute/cpu/planar.ts';
import type { Patch } from '../face/patch.ts';
import { faceSharpness } from '../metrics/sharpness.ts';
import type { Restoration } from '../restore/restorer.ts';
import type { FaceMeasure } from './render-service.ts';

/** Side of the coarse grid: a cell is about a sixth of the inter-ocular distance, which averages grain away and keeps shading. */
const GRID = 24;

/** A face in its patch before and after the comp, over the matte. */
export function measureFace(patch: Patch, restored: Restoration): FaceMeasure {
  const { size } = patch;
  const { matte } = restored;
  const before = lumaOfPlanar(patch.rgb);
  const after = compedLuma(before, restored);
  const grids = gridsOf(before, after, matte, size);
  return {
    ...grids,
    change: difference(grids.beforeGrid, grids.afterGrid),
    sharpnessBefore: faceSharpness(before, matte, size),
    sharpnessAfter: faceSharpness(after, matte, size),
  };
}

function compedLuma(before: Float32Array, { rgb, matte }: Restoration): Float32Array {
  const area = before.length;
  const after = Float32Array.from(before);
  for (let i = 0; i < area; i++) {
    const alpha = matte[i] as number;
    if (!(alpha > 0)) continue;
    const painted =
      0.2126 * (rgb[i] as number) + 0.7152 * (rgb[area + i] as number) + 0.0722 * (rgb[2 * area + i] as number);
    const plate = before[i] as number;
    after[i] = plate + alpha * (painted - plate);
  }
  return after;
}

/** Root mean square over the cells that the face fills, 8-bit levels. */
function difference(before: Float32Array, after: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < before.length; i++) {
    if (!((before[i] as number) > 0)) continue;
    sum += ((after[i] as number) - (before[i] as number)) ** 2;
    count += 1;
  }
  return count > 0 ? 255 * Math.sqrt(sum / count) : 0;
}

/** Means under the matte, of all of it and over the cells of a grid (0 where no matte is). */
function gridsOf(
  before: Float32Array,
  after: Float32Array,
  matte: Float32Array,
  size: number,
): Pick<FaceMeasure, 'before' | 'after' | 'beforeGrid' | 'afterGrid'> {
  const beforeGrid = new Float32Array(GRID * GRID);
  const afterGrid = new Float32Array(GRID * GRID);
  const weights = new Float32Array(GRID * GRID);
  const columns = Int32Array.from({ length: size }, (_, x) => Math.floor((x * GRID) / size));
  for (let y = 0, i = 0; y < size; y++) {
    const row = GRID * (columns[y] as number);
    for (let x = 0; x < size; x++, i++) {
      const w = matte[i] as number;
      if (!(w > 0)) continue;
      const cell = row + (columns[x] as number);
      beforeGrid[cell] = (beforeGrid[cell] as number) + w * (before[i] as number);
      afterGrid[cell] = (afterGrid[cell] as number) + w * (after[i] as number);
      weights[cell] = (weights[cell] as number) + w;
    }
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = (sums: Float32Array) => (total > 0 ? sums.reduce((sum, v) => sum + v, 0) / total : 0);
  const means = { before: mean(beforeGrid), after: mean(afterGrid) };
  for (const grid of [beforeGrid, afterGrid]) {
    for (let k = 0; k < grid.length; k++)
      if ((weights[k] as number) > 0) grid[k] = (grid[k] as number) / (weights[k] as number);
  }
  return { ...means, beforeGrid, afterGrid };
}
