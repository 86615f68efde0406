import { PATCH_INTER_OCULAR, type Patch } from '../face/patch.ts';
import { scaleOf } from '../face/similarity.ts';

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
  const ridge = smoothDown(ridges(luma, size, half, ground), size, along);
  const columns = scratchedColumns(ridge, size);
  if (columns.length === 0) return { rgb, where: null };
  const out = Float32Array.from(rgb);
  const where = new Float32Array(area);
  for (const x of columns) {
    for (let y = 0; y < size; y++) {
      const u = x - shear(y);
      if (u < 0 || u >= size) continue;
      where[y * size + u] = Math.abs(ridge[y * size + x] as number) > LEAST / 2 ? 1 : 0;
    }
  }
  for (let c = 0; c < 3; c++) {
    const plane = new Float32Array(area);
    for (let y = 0; y < size; y++) {
      const s = shear(y);
      for (let x = 0; x < size; x++)
        plane[y * size + x] = rgb[c * area + y * size + Math.min(size - 1, Math.max(0, x - s))] as number;
    }
    const line = smoothDown(overGround(plane, size, half, ground), size, along);
    for (const x of columns) {
      for (let y = 0; y < size; y++) {
        const u = x - shear(y);
        if (u < 0 || u >= size) continue;
        const o = c * area + y * size + u;
        out[o] = (out[o] as number) - (line[y * size + x] as number);
      }
    }
  }
  return { rgb: out, where };
}

/** How far each pixel is above (or below: negative) the ground on both sides alike; 0 where it lies between them. */
function ridges(luma: Float32Array, size: number, half: number, ground: number): Float32Array {
  const out = new Float32Array(luma.length);
  each(luma, size, half, ground, (i, value, left, right) => {
    const a = value - left;
    const b = value - right;
    out[i] = a * b <= 0 ? 0 : Math.abs(a) < Math.abs(b) ? a : b;
  });
  return out;
}

/** How far each pixel is above the mean of the ground on both sides. */
function overGround(plane: Float32Array, size: number, half: number, ground: number): Float32Array {
  const out = new Float32Array(plane.length);
  each(plane, size, half, ground, (i, value, left, right) => {
    out[i] = value - (left + right) / 2;
  });
  return out;
}

function each(
  plane: Float32Array,
  size: number,
  half: number,
  ground: number,
  visit: (i: number, value: number, left: number, right: number) => void,
): void {
  const sums = new Float64Array(size + 1);
  for (let y = 0; y < size; y++) {
    const row = y * size;
    for (let x = 0; x < size; x++) sums[x + 1] = (sums[x] as number) + (plane[row + x] as number);
    const mean = (from: number, to: number) => ((sums[to] as number) - (sums[from] as number)) / (to - from);
    for (let x = half + ground; x < size - half - ground; x++) {
      visit(
        row + x,
        plane[row + x] as number,
        mean(x - half - ground, x - half),
        mean(x + half + 1, x + half + 1 + ground),
      );
    }
  }
}

/** Means along the columns over 2·reach + 1 rows. */
function smoothDown(plane: Float32Array, size: number, reach: number): Float32Array {
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(size);
  let rows = 0;
  const add = (y: number, sign: number) => {
    if (y < 0 || y >= size) return;
    rows += sign;
    for (let x = 0; x < size; x++) sums[x] = (sums[x] as number) + sign * (plane[y * size + x] as number);
  };
  for (let y = 0; y < reach; y++) add(y, 1);
  for (let y = 0; y < size; y++) {
    add(y + reach, 1);
    add(y - reach - 1, -1);
    for (let x = 0; x < size; x++) out[y * size + x] = (sums[x] as number) / rows;
  }
  return out;
}

/** The columns along which the ridge holds one sign over enough rows, and their immediate neighbours. */
function scratchedColumns(ridge: Float32Array, size: number): number[] {
  const found = new Set<number>();
  for (let x = 1; x < size - 1; x++) {
    let above = 0;
    let below = 0;
    for (let y = 0; y < size; y++) {
      // A scratch wanders by a pixel: the strongest of three columns counts.
      const row = y * size + x;
      const a = ridge[row - 1] as number;
      const b = ridge[row] as number;
      const c = ridge[row + 1] as number;
      if (Math.max(a, b, c) > LEAST) above += 1;
      if (Math.min(a, b, c) < -LEAST) below += 1;
    }
    if (Math.max(above, below) < EVIDENCE * size) continue;
    for (let k = -1; k <= 1; k++) found.add(x + k);
  }
  return [...found].filter((x) => x >= 0 && x < size).sort((a, b) => a - b);
}
