import { clamp } from '../../../film/interpolate.ts';
import { flowAt } from '../../../motion/flow-lattice.ts';
import { MAX_STRETCH, sample, sampleWide } from './cubic.ts';
import { localScale } from './map-scale.ts';

/*
 * Bicubic sampling of planar pictures at places that are told in several ways. Every operation on samples is rounded to 32 bits at once and stands
 * in the order of `../wasm/sampling.ts`: both give the same bits.
 */

const f32 = Math.fround;

/**
 * Samples `count` square planes where a lattice of `columns` × `rows` displacements leads, whose nodes lie `pitch` pixels apart and hold
 * `scale`-ths of a pixel; 0 where `where` is not above 0. `scratch` holds 2 (columns + 1) + 2 size.
 */
function sampledByFlow(
  planes: Float32Array,
  count: number,
  size: number,
  where: Float32Array,
  xy: Float32Array,
  columns: number,
  rows: number,
  pitch: number,
  scale: number,
  scratch: Float32Array,
  out: Float32Array,
): void {
  const area = size * size;
  const factor = f32(scale);
  // The two rows of nodes around a row of pixels, blended once a row, and the last node twice.
  const line = scratch;
  const nodes = scratch.subarray(2 * columns + 2);
  for (let x = 0; x < size; x++) {
    const u = clamp((x + 0.5) / pitch - 0.5, 0, columns - 1);
    nodes[2 * x] = Math.floor(u);
    nodes[2 * x + 1] = u - Math.floor(u);
  }
  for (let y = 0, o = 0; y < size; y++) {
    const v = clamp((y + 0.5) / pitch - 0.5, 0, rows - 1);
    const j = Math.floor(v);
    const fv = f32(v - j);
    const above = 2 * j * columns;
    const below = 2 * Math.min(rows - 1, j + 1) * columns;
    for (let n = 0; n < 2 * columns; n++) {
      line[n] = factor * f32(f32(xy[above + n] * f32(1 - fv)) + f32(xy[below + n] * fv));
    }
    line.copyWithin(2 * columns, 2 * columns - 2, 2 * columns);
    for (let x = 0; x < size; x++, o++) {
      if (!(where[o] > 0)) {
        for (let k = 0; k < count; k++) out[k * area + o] = 0;
        continue;
      }
      const n = 2 * nodes[2 * x];
      const fu = nodes[2 * x + 1];
      const left = f32(1 - fu);
      // The whole part and the fraction are those of the displacement alone: added to x first, it would lose digits to it.
      const dx = f32(f32(line[n] * left) + f32(line[n + 2] * fu));
      const dy = f32(f32(line[n + 1] * left) + f32(line[n + 3] * fu));
      const ix = Math.floor(dx);
      const iy = Math.floor(dy);
      sample(planes, count, size, size, x + ix, f32(dx - ix), y + iy, f32(dy - iy), out, o, area);
    }
  }
}

/** Where the last place was found: whole parts and fractions. */
const PLACE = { x: 0, fx: 0, y: 0, fy: 0 };

/**
 * Finds the place of column `i` and row `j` of a grid, which is the sum of what both contribute. `at` holds the whole parts of the columns' x,
 * their fractions, those of their y, and the same of the rows.
 */
function place(at: Float32Array, columns: number, rows: number, i: number, j: number): void {
  const q = 4 * columns + j;
  let x = at[i] + at[q];
  let fx = f32(at[columns + i] + at[q + rows]);
  let y = at[2 * columns + i] + at[q + 2 * rows];
  let fy = f32(at[3 * columns + i] + at[q + 3 * rows]);
  if (fx >= 1) {
    x += 1;
    fx -= 1;
  }
  if (fy >= 1) {
    y += 1;
    fy -= 1;
  }
  PLACE.x = x;
  PLACE.fx = fx;
  PLACE.y = y;
  PLACE.fy = fy;
}

/**
 * Samples `count` planes at each place of a grid (see `place`), by a kernel that is wider by `across` and `down`, which keeps frequencies that
 * the coarser grid cannot hold from folding back. `scratch` holds `TAPS_SCRATCH`.
 */
function sampledByColumns(
  planes: Float32Array,
  count: number,
  width: number,
  height: number,
  at: Float32Array,
  columns: number,
  rows: number,
  across: number,
  down: number,
  _scratch: Float32Array,
  out: Float32Array,
): void {
  const [stretchX, stretchY] = [f32(across), f32(down)];
  const isSharp = stretchX === 1 && stretchY === 1;
  for (let j = 0, o = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++, o++) {
      place(at, columns, rows, i, j);
      const { x, fx, y, fy } = PLACE;
      if (isSharp) sample(planes, count, width, height, x, fx, y, fy, out, o, columns * rows);
      else sampleWide(planes, count, width, height, x, fx, y, fy, stretchX, stretchY, out, o, columns * rows);
    }
  }
}

/**
 * Samples three square planes at the places of a part of a grid (see `place`) where `matte`, bilinear and 0 beyond its edge, is at least
 * half of 1/65535, which goes to `mattes` as 1 … 65535; elsewhere nothing is written. `scratch` holds `TAPS_SCRATCH`.
 */
function deltaByColumns(
  planes: Float32Array,
  matte: Float32Array,
  size: number,
  at: Float32Array,
  columns: number,
  rows: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  stretch: number,
  _scratch: Float32Array,
  out: Float32Array,
  mattes: Float32Array,
): void {
  const wide = f32(stretch);
  for (let j = top; j < bottom; j++) {
    for (let i = left, o = j * columns + left; i < right; i++, o++) {
      place(at, columns, rows, i, j);
      const { x, fx, y, fy } = PLACE;
      const alpha = Math.floor(f32(f32(bilinear(matte, size, x, fx, y, fy) * 65535) + 0.5));
      if (!(alpha > 0)) continue;
      if (wide === 1) sample(planes, 3, size, size, x, fx, y, fy, out, o, columns * rows);
      else sampleWide(planes, 3, size, size, x, fx, y, fy, wide, wide, out, o, columns * rows);
      mattes[o] = Math.min(65535, alpha);
    }
  }
}

/** Bilinear sample of a square picture, 0 beyond its edge. */
function bilinear(picture: Float32Array, size: number, x: number, fx: number, y: number, fy: number): number {
  if (x < -1 || x >= size || y < -1 || y >= size) return 0;
  const before = x >= 0 ? f32(1 - fx) : 0;
  const behind = x + 1 < size ? fx : 0;
  const above = y >= 0 ? f32(1 - fy) : 0;
  const below = y + 1 < size ? fy : 0;
  const [i, k] = [Math.max(0, x), Math.min(size - 1, x + 1)];
  const [upper, lower] = [size * Math.max(0, y), size * Math.min(size - 1, y + 1)];
  const first = f32(f32(before * picture[upper + i]) + f32(behind * picture[upper + k]));
  const second = f32(f32(before * picture[lower + i]) + f32(behind * picture[lower + k]));
  return f32(f32(above * first) + f32(below * second));
}

/** A map as looked up where a lattice of displacements leads, bilinear; in double precision, for its entries are places hundreds of pixels away. */
function displacedMap(
  xy: Float32Array,
  size: number,
  flow: Float32Array,
  step: number,
  columns: number,
  rows: number,
  out: Float32Array,
): void {
  const lattice = { step, columns, rows, xy: flow };
  const moved = new Float64Array(2);
  const last = size - 1.001;
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 2) {
      flowAt(lattice, x + 0.5, y + 0.5, moved);
      const u = clamp(x + moved[0], 0, last);
      const v = clamp(y + moved[1], 0, last);
      const i = Math.floor(u);
      const j = Math.floor(v);
      const a = 2 * (j * size + i);
      for (let c = 0; c < 2; c++) {
        const above = xy[a + c] + (u - i) * (xy[a + 2 + c] - xy[a + c]);
        const below = xy[a + 2 * size + c] + (u - i) * (xy[a + 2 * size + 2 + c] - xy[a + 2 * size + c]);
        out[o + c] = above + (v - j) * (below - above);
      }
    }
  }
}

/** Samples a square plane at each of `count` places of a map (see `DenseMap`). */
function sampledByMap(plane: Float32Array, size: number, xy: Float32Array, count: number, out: Float32Array): void {
  for (let o = 0; o < count; o++) {
    const x = f32(xy[2 * o] - 0.5);
    const y = f32(xy[2 * o + 1] - 0.5);
    const i = Math.floor(x);
    const j = Math.floor(y);
    sample(plane, 1, size, size, i, f32(x - i), j, f32(y - j), out, o, 0);
  }
}

/** Samples a square plane through a map and a gain of a smaller side, bilinear between their entries; `outside` where `where` is not above 0. */
function sampledInFull(
  plane: Float32Array,
  size: number,
  xy: Float32Array,
  gain: Float32Array,
  side: number,
  where: Float32Array,
  outside: Float32Array,
  out: Float32Array,
): void {
  const scale = size / side;
  for (let y = 0, o = 0; y < size; y++) {
    const v = clamp((y + 0.5) / scale - 0.5, 0, side - 1);
    const j = Math.min(side - 2, Math.floor(v));
    const fv = v - j;
    for (let x = 0; x < size; x++, o++) {
      if (!(where[o] > 0)) {
        out[o] = outside[o];
        continue;
      }
      const u = clamp((x + 0.5) / scale - 0.5, 0, side - 1);
      const i = Math.min(side - 2, Math.floor(u));
      const fu = u - i;
      const n = j * side + i;
      const m = n + side;
      const a = (1 - fu) * (1 - fv);
      const b = fu * (1 - fv);
      const c = (1 - fu) * fv;
      const d = fu * fv;
      const px = a * xy[2 * n] + b * xy[2 * n + 2] + c * xy[2 * m] + d * xy[2 * m + 2] - 0.5;
      const py = a * xy[2 * n + 1] + b * xy[2 * n + 3] + c * xy[2 * m + 1] + d * xy[2 * m + 3] - 0.5;
      const ix = Math.floor(px);
      const iy = Math.floor(py);
      sample(plane, 1, size, size, ix, f32(px - ix), iy, f32(py - iy), out, o, 0);
      const factor = a * gain[n] + b * gain[n + 1] + c * gain[m] + d * gain[m + 1];
      out[o] *= factor;
    }
  }
}

/**
 * Samples three planes at each entry of a map (see `DenseMap`), `shrink` times as large, by a kernel that widens where the map makes the picture
 * smaller by `sharp` or more; 0 where `where` is not above 0. Places and stretches are in double precision. `scratch` holds `TAPS_SCRATCH`.
 */
function warpedByMap(
  planes: Float32Array,
  width: number,
  height: number,
  xy: Float32Array,
  size: number,
  where: Float32Array,
  shrink: number,
  sharp: number,
  _scratch: Float32Array,
  out: Float32Array,
): void {
  const area = size * size;
  const map = { size, xy };
  for (let j = 0, o = 0; j < size; j++) {
    for (let i = 0; i < size; i++, o++) {
      if (!(where[o] > 0)) {
        for (let k = 0; k < 3; k++) out[k * area + o] = 0;
        continue;
      }
      const u = xy[2 * o] * shrink - 0.5;
      const v = xy[2 * o + 1] * shrink - 0.5;
      const x = Math.floor(u);
      const y = Math.floor(v);
      const stretch = Math.min(MAX_STRETCH, localScale(map, i, j) * shrink);
      const [fx, fy, wide] = [f32(u - x), f32(v - y), f32(stretch)];
      if (stretch < sharp) sample(planes, 3, width, height, x, fx, y, fy, out, o, area);
      else sampleWide(planes, 3, width, height, x, fx, y, fy, wide, wide, out, o, area);
    }
  }
}

export const SAMPLING_LOOPS = {
  sampledByFlow,
  sampledByColumns,
  deltaByColumns,
  displacedMap,
  sampledByMap,
  sampledInFull,
  warpedByMap,
};
