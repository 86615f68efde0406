import { PATCH_INTER_OCULAR, type Patch } from '../../face/patch.ts';
import { scaleOf } from '../../face/similarity.ts';

/** Half width of a scratch, and of the ground to either side by which it is judged, plate pixels. */
const HALF_WIDTH = 3;
const GROUND = 4;
/** A scratch is at least this far from its ground, 0 … 1. */
const LEAST = 5 / 255;
/** Share of the patch's rows along which a column must be a scratch of one sign. */
const EVIDENCE = 0.6;
/** Half the length along which a scratch is alike, inter-ocular distances. */
const ALIKE = 0.12;
/** Heads tilted further (radians) are left alone: their columns would be sheared too far. */
const MOST_TILT = 0.45;

/**
 * The patch without lines down the film: planar RGB, `Float32Array` of 3·size²; the patch's own where there are none.
 *
 * A scratch runs along the plate's columns over the whole picture, whatever the face does. A column counts as one where it differs
 * the same way from the ground on both sides over most of the patch's height (the column evidence of Bruni and Vitulano 2004); what
 * is taken away is the difference smoothed along the column, so that the picture under it stays.
 */
export function descratched(patch: Patch): { rgb: Float32Array; where: Float32Array | null } {
  const { size, rgb, toPatch } = patch;
  const tilt = toPatch.b / toPatch.a;
  if (!(toPatch.a > 0) || Math.abs(tilt) > MOST_TILT) return { rgb, where: null };
  const area = size * size;
  const pixel = Math.max(1, scaleOf(toPatch));
  const half = Math.max(1, Math.round((HALF_WIDTH * pixel) / 2));
  const ground = Math.max(2, Math.round(GROUND * pixel));
  const along = Math.max(2, Math.round(ALIKE * PATCH_INTER_OCULAR * size));
  // Sheared by the tilt, the plate's columns stand upright.
  const luma = new Float32Array(area);
  const shear = (y: number) => Math.round(tilt * (y - size / 2));
  for (let y = 0; y < size; y++) {
    const s = shear(y);
    for (let x = 0; x < size; x++) {
      const i = y * size + Math.min(size - 1, Math.max(0, x - s));
      luma[y * size + x] =
        0.2126 * (rgb[i] as number) + 0.7152 * (rgb[area + i] as number) + 0.0722 * (rgb[2 * area + i] as number);
    }
  }
  const ridge = smoothDown(ridges(luma, size, half, ground), size, size, along);
  const columns = scratchedColumns(ridge, size);
  if (columns.length === 0) return { rgb, where: null };
  const out = Float32Array.from(rgb);
  const where = new Float32Array(area);
  const line = new Float32Array(size);
  for (const x of columns) {
    for (let c = 0; c < 3; c++) {
      const plane = rgb.subarray(c * area, (c + 1) * area);
      for (let y = 0; y < size; y++) line[y] = overGround(plane, size, x - shear(y), y, half, ground);
      const soft = smoothDown(line, 1, size, along);
      for (let y = 0; y < size; y++) {
        const u = x - shear(y);
        if (u < 0 || u >= size) continue;
        const o = c * area + y * size + u;
        out[o] = (out[o] as number) - (soft[y] as number);
        if (c === 0) where[y * size + u] = Math.abs(ridge[y * size + x] as number) > LEAST / 2 ? 1 : 0;
      }
    }
  }
  return { rgb: out, where };
}

/** How far each pixel is above (or below: negative) the ground on both sides alike; 0 where it lies between them. */
function ridges(luma: Float32Array, size: number, half: number, ground: number): Float32Array {
  const out = new Float32Array(luma.length);
  const sums = new Float64Array(size + 1);
  for (let y = 0; y < size; y++) {
    const row = y * size;
    for (let x = 0; x < size; x++) sums[x + 1] = (sums[x] as number) + (luma[row + x] as number);
    for (let x = half + ground; x < size - half - ground; x++) {
      const left = ((sums[x - half] as number) - (sums[x - half - ground] as number)) / ground;
      const right = ((sums[x + half + 1 + ground] as number) - (sums[x + half + 1] as number)) / ground;
      const a = (luma[row + x] as number) - left;
      const b = (luma[row + x] as number) - right;
      if (a * b > 0) out[row + x] = Math.abs(a) < Math.abs(b) ? a : b;
    }
  }
  return out;
}

/** How far a pixel is above the mean of the ground on both sides; 0 where that reaches beyond the plane. */
function overGround(plane: Float32Array, size: number, x: number, y: number, half: number, ground: number): number {
  if (x < half + ground || x >= size - half - ground) return 0;
  const at = y * size + x;
  let sum = 0;
  for (let k = half + 1; k <= half + ground; k++) sum += (plane[at - k] as number) + (plane[at + k] as number);
  return (plane[at] as number) - sum / (2 * ground);
}

/** Means along the columns of a plane of `width` · `height` over 2·reach + 1 rows, fewer at its ends. */
function smoothDown(plane: Float32Array, width: number, height: number, reach: number): Float32Array {
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(width);
  let rows = 0;
  const add = (y: number, sign: number) => {
    if (y < 0 || y >= height) return;
    rows += sign;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + sign * (plane[y * width + x] as number);
  };
  for (let y = 0; y < reach; y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    add(y + reach, 1);
    add(y - reach - 1, -1);
    for (let x = 0; x < width; x++) out[y * width + x] = (sums[x] as number) / rows;
  }
  return out;
}

/** The columns along which the ridge holds one sign over enough rows, and their immediate neighbours. */
function scratchedColumns(ridge: Float32Array, size: number): number[] {
  const above = new Int32Array(size);
  const below = new Int32Array(size);
  for (let y = 0; y < size; y++) {
    for (let x = 1, i = y * size + 1; x < size - 1; x++, i++) {
      // A scratch wanders by a pixel: the strongest of three columns counts.
      const a = ridge[i - 1] as number;
      const b = ridge[i] as number;
      const c = ridge[i + 1] as number;
      if (a > LEAST || b > LEAST || c > LEAST) above[x] = (above[x] as number) + 1;
      if (a < -LEAST || b < -LEAST || c < -LEAST) below[x] = (below[x] as number) + 1;
    }
  }
  const found = new Set<number>();
  for (let x = 1; x < size - 1; x++) {
    if (Math.max(above[x] as number, below[x] as number) < EVIDENCE * size) continue;
    for (let k = -1; k <= 1; k++) found.add(x + k);
  }
  return [...found].filter((x) => x >= 0 && x < size).sort((a, b) => a - b);
}
