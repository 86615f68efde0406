import { creaseSmoothing, smoothedEntry } from './creases.ts';
import type { DenseMap } from './dense-map.ts';
import { drawMesh, type FaceMesh } from './mesh.ts';
import type { PlateGrid } from './thin-plate.ts';

/** Pixels of a patch. */
export type Entries = readonly (readonly [x: number, y: number])[];

/** The map that `meshWarp` draws, of a patch of side `size`, in some of its entries; the others hold nothing of use. */
export function meshEntries(mesh: FaceMesh, size: number, entries: Entries): DenseMap {
  const drawn = { size, xy: new Float32Array(2 * size * size) };
  const smoothing = creaseSmoothing(mesh, size);
  const reach = mesh.sigma > 0 ? smoothing.radius : 0;
  const next = linesAround(size, entries, reach);
  const { a, b, tx, ty } = mesh.toSource;
  for (let j = next[0]; j < size; j = next[j + 1]) {
    const [x0, y0] = [tx - b * (j + 0.5), ty + a * (j + 0.5)];
    for (let i = next[0]; i < size; i = next[i + 1]) {
      drawn.xy[2 * (j * size + i)] = x0 + a * (i + 0.5);
      drawn.xy[2 * (j * size + i) + 1] = y0 + b * (i + 0.5);
    }
  }
  drawMesh(mesh, drawn, next);
  if (reach === 0) return drawn;
  const xy = new Float32Array(drawn.xy.length);
  for (const at of entries) {
    for (let c = 0; c < 2; c++) xy[2 * (at[1] * size + at[0]) + c] = smoothedEntry(drawn, smoothing, at, c);
  }
  return { size, xy };
}

/** The same of what `thinPlateMap` makes. */
export function plateEntries({ size, pixel }: PlateGrid, entries: Entries): DenseMap {
  const xy = new Float32Array(2 * size * size);
  for (const [x, y] of entries) pixel(x, y, xy, 2 * (y * size + x));
  return { size, xy };
}

/** For a row or column, itself or the next after it that lies within `reach` of an entry's. */
function linesAround(size: number, entries: Entries, reach: number): Int32Array {
  const next = new Int32Array(size + 1).fill(size);
  for (const at of entries) {
    for (const line of at) {
      for (let i = Math.max(0, line - reach); i <= Math.min(size - 1, line + reach); i++) next[i] = i;
    }
  }
  for (let i = size - 1; i >= 0; i--) if (next[i] > i) next[i] = next[i + 1];
  return next;
}
