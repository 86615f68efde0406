import { lumaOfPlanar } from '../comp/planar.ts';
import type { Patch } from '../face/patch.ts';
import { faceSharpness } from '../metrics/sharpness.ts';
import type { Restoration } from '../restore/restorer.ts';
import type { FaceMeasure } from './render-service.ts';

/** Side of the coarse grid: a cell is about a sixth of the inter-ocular distance, which averages grain away and keeps shading. */
const GRID = 24;

/** A face in its patch before and after the comp, over the matte. */
export function measureFace(patch: Patch, restored: Restoration): FaceMeasure {
  const { size } = patch;
  const before = lumaOfPlanar(patch.rgb);
  const painted = lumaOfPlanar(restored.rgb);
  const after = before.map((v, i) => v + (restored.matte[i] as number) * ((painted[i] as number) - v));
  const beforeGrid = coarse(before, restored.matte, size);
  const afterGrid = coarse(after, restored.matte, size);
  return {
    before: meanUnder(restored.matte, before),
    after: meanUnder(restored.matte, after),
    beforeGrid,
    afterGrid,
    change: difference(beforeGrid, afterGrid),
    sharpnessBefore: faceSharpness(before, restored.matte, size),
    sharpnessAfter: faceSharpness(after, restored.matte, size),
  };
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

function meanUnder(matte: Float32Array, luma: Float32Array): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < luma.length; i++) {
    sum += (matte[i] as number) * (luma[i] as number);
    weight += matte[i] as number;
  }
  return weight > 0 ? sum / weight : 0;
}

/** Means over the cells of a grid, 0 where no matte is. */
function coarse(luma: Float32Array, matte: Float32Array, size: number): Float32Array {
  const sums = new Float32Array(GRID * GRID);
  const weights = new Float32Array(GRID * GRID);
  for (let y = 0; y < size; y++) {
    const row = Math.floor((y * GRID) / size) * GRID;
    for (let x = 0; x < size; x++) {
      const cell = row + Math.floor((x * GRID) / size);
      const w = matte[y * size + x] as number;
      sums[cell] = (sums[cell] as number) + w * (luma[y * size + x] as number);
      weights[cell] = (weights[cell] as number) + w;
    }
  }
  return sums.map((sum, i) => ((weights[i] as number) > 0 ? sum / (weights[i] as number) : 0));
}
