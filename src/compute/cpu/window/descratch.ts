import { lumaOfColour } from '../../../film/luma.ts';
import type { DescratchOptions } from '../../windows.ts';
import { sumsAlong, sumsDown } from '../filter/window-sums.ts';
import type { FloatPool } from '../float-pool.ts';

/**
 * See `WindowOperations.descratched`: planar RGB without lines, and where they were; null where there are none.
 *
 * @param rgb `Float32Array` of 3·size²
 */
export function descratched(
  rgb: Float32Array,
  size: number,
  options: DescratchOptions,
  pool: FloatPool,
): { readonly rgb: Float32Array; readonly scratched: Float32Array } | null {
  const { tilt, half, ground, along, least, evidence } = options;
  const area = size * size;
  // Sheared by the tilt, the plate's columns stand upright.
  const shear = Int32Array.from({ length: size }, (_, y) => Math.round(tilt * (y - size / 2)));
  const luma = pool.lend(area);
  shearedLuma(rgb, shear, luma);
  const sharp = pool.zeroed(area);
  ridges(luma, size, options, sharp);
  const ridge = luma;
  smoothDown({ plane: sharp, width: size, height: size }, along, ridge);
  const columns = scratchedColumns(ridge, size, least, evidence);
  if (columns.length === 0) {
    pool.giveBack(luma, sharp);
    return null;
  }
  const out = pool.lend(rgb.length);
  out.set(rgb);
  const scratched = pool.zeroed(area);
  const line = new Float32Array(size);
  const soft = new Float32Array(size);
  for (const x of columns) {
    for (let c = 0; c < 3; c++) {
      const plane = rgb.subarray(c * area, (c + 1) * area);
      for (let y = 0; y < size; y++) line[y] = overGround(plane, size, x - shear[y], y, half, ground);
      smoothDown({ plane: line, width: 1, height: size }, along, soft);
      for (let y = 0; y < size; y++) {
        const u = x - shear[y];
        if (u < 0 || u >= size) continue;
        out[c * area + y * size + u] -= soft[y];
        if (c === 0) scratched[y * size + u] = Math.abs(ridge[y * size + x]) > least / 2 ? 1 : 0;
      }
    }
  }
  pool.giveBack(luma, sharp);
  return { rgb: out, scratched };
}

function shearedLuma(rgb: Float32Array, shear: Int32Array, luma: Float32Array): void {
  const size = shear.length;
  const area = size * size;
  for (let y = 0; y < size; y++) {
    const s = shear[y];
    for (let x = 0; x < size; x++) {
      const i = y * size + Math.min(size - 1, Math.max(0, x - s));
      luma[y * size + x] = lumaOfColour(rgb[i], rgb[area + i], rgb[2 * area + i]);
    }
  }
}

/** Writes how far each pixel is above (or below: negative) the ground on both sides alike; where it lies between them `out` stays. */
function ridges(luma: Float32Array, size: number, { half, ground }: DescratchOptions, out: Float32Array): void {
  // The mean of the ground that begins at each pixel.
  const means = new Float32Array(size);
  const ends = new Float64Array(ground);
  for (let row = 0; row < luma.length; row += size) {
    sumsAlong(luma.subarray(row, row + size), size - ground + 1, ground, 1 / ground, ends, means, 0);
    for (let x = half + ground; x < size - half - ground; x++) {
      const a = luma[row + x] - means[x - half - ground];
      const b = luma[row + x] - means[x + half + 1];
      if (a * b > 0) out[row + x] = Math.abs(a) < Math.abs(b) ? a : b;
    }
  }
}

/** How far a pixel is above the mean of the ground on both sides; 0 where that reaches beyond the plane. */
function overGround(plane: Float32Array, size: number, x: number, y: number, half: number, ground: number): number {
  if (x < half + ground || x >= size - half - ground) return 0;
  const at = y * size + x;
  let sum = 0;
  for (let k = half + 1; k <= half + ground; k++) sum += plane[at - k] + plane[at + k];
  return plane[at] - sum / (2 * ground);
}

/** A plane of `width` · `height`, row by row. */
interface Columns {
  readonly plane: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Writes means along the columns over 2·reach + 1 rows, fewer at their ends. */
function smoothDown({ plane, width, height }: Columns, reach: number, out: Float32Array): void {
  const rows = Int32Array.from({ length: height + 2 * reach }, (_, k) => {
    const y = k - reach;
    return y < 0 || y >= height ? -1 : y * width;
  });
  sumsDown({ plane, width, rows }, 2 * reach + 1, 1, out);
  for (let y = 0, i = 0; y < height; y++) {
    const count = Math.min(height, y + reach + 1) - Math.max(0, y - reach);
    for (let x = 0; x < width; x++, i++) out[i] /= count;
  }
}

/** The columns along which the ridge holds one sign over enough rows, and their immediate neighbours. */
function scratchedColumns(ridge: Float32Array, size: number, least: number, evidence: number): number[] {
  const above = new Int32Array(size);
  const below = new Int32Array(size);
  for (let y = 0; y < size; y++) {
    for (let x = 1, i = y * size + 1; x < size - 1; x++, i++) {
      // A scratch wanders by a pixel: the strongest of three columns counts.
      const a = ridge[i - 1];
      const b = ridge[i];
      const c = ridge[i + 1];
      if (a > least || b > least || c > least) above[x] += 1;
      if (a < -least || b < -least || c < -least) below[x] += 1;
    }
  }
  const found = new Set<number>();
  for (let x = 1; x < size - 1; x++) {
    if (Math.max(above[x], below[x]) < evidence * size) continue;
    for (let k = -1; k <= 1; k++) found.add(x + k);
  }
  return [...found].filter((x) => x >= 0 && x < size).sort((a, b) => a - b);
}
