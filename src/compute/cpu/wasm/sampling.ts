/** Twins of `src/compute/cpu/loops/sampling-loops.ts`: bicubic sampling (Catmull-Rom), four taps of a row in the lanes of one vector. */
import { sumOf } from './lanes';

const C0 = f32x4(0, 1, 0, 0);
const C1 = f32x4(-0.5, 0, 0.5, 0);
const C2 = f32x4(1, -2.5, 2, -0.5);
const C3 = f32x4(-0.5, 1.5, -1.5, 0.5);

/** The weights of the four taps around a fraction. */
function taps(fraction: f32): v128 {
  const f = f32x4.splat(fraction);
  const linear = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(C3, f), C2), f), C1);
  return f32x4.add(f32x4.mul(linear, f), C0);
}

/** Samples `count` planes that lie `area` bytes apart at (x + fx, y + fy), to places that lie `apart` bytes apart. */
function sample(
  planes: usize,
  count: i32,
  area: usize,
  width: i32,
  height: i32,
  x: i32,
  fx: f32,
  y: i32,
  fy: f32,
  out: usize,
  apart: usize,
): void {
  const a = taps(fx);
  const b = taps(fy);
  const b0 = v128.shuffle<f32>(b, b, 0, 0, 0, 0);
  const b1 = v128.shuffle<f32>(b, b, 1, 1, 1, 1);
  const b2 = v128.shuffle<f32>(b, b, 2, 2, 2, 2);
  const b3 = v128.shuffle<f32>(b, b, 3, 3, 3, 3);
  const isInside = x >= 1 && x + 2 < width && y >= 1 && y + 2 < height;
  const pitch = <usize>(4 * width);
  let at = planes + <usize>(4 * ((y - 1) * width + x - 1));
  for (let k = 0; k < count; k++) {
    let sum: v128;
    if (isInside) {
      sum = f32x4.mul(b0, v128.load(at));
      sum = f32x4.add(sum, f32x4.mul(b1, v128.load(at + pitch)));
      sum = f32x4.add(sum, f32x4.mul(b2, v128.load(at + 2 * pitch)));
      sum = f32x4.add(sum, f32x4.mul(b3, v128.load(at + 3 * pitch)));
    } else {
      sum = f32x4.mul(b0, edgeTaps(planes, x, y - 1, width, height));
      sum = f32x4.add(sum, f32x4.mul(b1, edgeTaps(planes, x, y, width, height)));
      sum = f32x4.add(sum, f32x4.mul(b2, edgeTaps(planes, x, y + 1, width, height)));
      sum = f32x4.add(sum, f32x4.mul(b3, edgeTaps(planes, x, y + 2, width, height)));
    }
    store<f32>(out, sumOf(f32x4.mul(a, sum)));
    planes += area;
    at += area;
    out += apart;
  }
}

function edgeTaps(plane: usize, x: i32, y: i32, width: i32, height: i32): v128 {
  const row = plane + <usize>(4 * width * clamped(y, height));
  let lanes = f32x4.splat(load<f32>(row + <usize>(4 * clamped(x - 1, width))));
  lanes = f32x4.replace_lane(lanes, 1, load<f32>(row + <usize>(4 * clamped(x, width))));
  lanes = f32x4.replace_lane(lanes, 2, load<f32>(row + <usize>(4 * clamped(x + 1, width))));
  return f32x4.replace_lane(lanes, 3, load<f32>(row + <usize>(4 * clamped(x + 2, width))));
}

function clamped(i: i32, count: i32): i32 {
  return max(0, min(count - 1, i));
}

export function sampledByFlow(
  planes: usize,
  count: i32,
  size: i32,
  where: usize,
  xy: usize,
  columns: i32,
  rows: i32,
  pitch: f64,
  scale: f32,
  scratch: usize,
  out: usize,
): void {
  const area = <usize>(4 * size * size);
  const line = scratch;
  const nodes = scratch + <usize>(8 * (columns + 1));
  for (let x = 0; x < size; x++) {
    const u = min<f64>(columns - 1, max<f64>(0, (<f64>x + 0.5) / pitch - 0.5));
    const i = floor<f64>(u);
    store<f32>(nodes + <usize>(8 * x), <f32>i);
    store<f32>(nodes + <usize>(8 * x), <f32>(u - i), 4);
  }
  for (let y = 0; y < size; y++) {
    const v = min<f64>(rows - 1, max<f64>(0, (<f64>y + 0.5) / pitch - 0.5));
    const j = <i32>floor<f64>(v);
    const fv = <f32>(v - <f64>j);
    const above = xy + <usize>(8 * j * columns);
    const below = xy + <usize>(8 * min(rows - 1, j + 1) * columns);
    for (let n = 0; n < 2 * columns; n++) {
      const o = <usize>(4 * n);
      store<f32>(line + o, scale * (load<f32>(above + o) * (<f32>1 - fv) + load<f32>(below + o) * fv));
    }
    store<u64>(line + <usize>(8 * columns), load<u64>(line + <usize>(8 * (columns - 1))));
    for (let x = 0; x < size; x++) {
      const o = <usize>(4 * (y * size + x));
      if (!(load<f32>(where + o) > 0)) {
        for (let k = 0; k < count; k++) store<f32>(out + <usize>k * area + o, 0);
        continue;
      }
      const node = line + <usize>(8 * <i32>load<f32>(nodes + <usize>(8 * x)));
      const fu = load<f32>(nodes + <usize>(8 * x), 4);
      const dx: f32 = load<f32>(node) * (<f32>1 - fu) + load<f32>(node, 8) * fu;
      const dy: f32 = load<f32>(node, 4) * (<f32>1 - fu) + load<f32>(node, 12) * fu;
      const ix = floor<f32>(dx);
      const iy = floor<f32>(dy);
      sample(planes, count, area, size, size, x + <i32>ix, dx - ix, y + <i32>iy, dy - iy, out + o, area);
    }
  }
}

/*
 * A kernel that is wider than two samples to either side. Its scratch holds weights of columns, a mask of those that count, weights of rows
 * and the samples of a row that reaches beyond the edge, `MOST_TAPS` each.
 */
const MOST_TAPS = 68;
const MASK: usize = 4 * MOST_TAPS;
const ROWS: usize = 8 * MOST_TAPS;
const LINE: usize = 12 * MOST_TAPS;

/** Fills weights for the taps `first`, `first + 1` … around a fraction, which sum to 1, and returns their count. */
function wideTaps(weights: usize, first: i32, fraction: f32, stretch: f32): i32 {
  const count = <i32>floor<f32>(fraction + <f32>2 * stretch) - first + 1;
  let sum: f32 = 0;
  for (let i = 0; i < count; i++) {
    const w = catmullRom(abs<f32>(<f32>(first + i) - fraction) / stretch);
    store<f32>(weights + <usize>(4 * i), w);
    sum += w;
  }
  for (let i = 0; i < count; i++) {
    const at = weights + <usize>(4 * i);
    store<f32>(at, load<f32>(at) / sum);
  }
  return count;
}

function catmullRom(d: f32): f32 {
  if (d < 1) return (<f32>1.5 * d - <f32>2.5) * d * d + <f32>1;
  if (d < 2) return ((<f32>2.5 - <f32>0.5 * d) * d - <f32>4) * d + <f32>2;
  return 0;
}

function sampleWide(
  planes: usize,
  count: i32,
  area: usize,
  width: i32,
  height: i32,
  x: i32,
  fx: f32,
  y: i32,
  fy: f32,
  across: f32,
  down: f32,
  scratch: usize,
  out: usize,
  apart: usize,
): void {
  const first = <i32>ceil<f32>(fx - <f32>2 * across);
  const top = <i32>ceil<f32>(fy - <f32>2 * down);
  const columns = wideTaps(scratch, first, fx, across);
  const rows = wideTaps(scratch + ROWS, top, fy, down);
  for (let i = 0; i < columns + 3; i++) store<i32>(scratch + MASK + <usize>(4 * i), i < columns ? -1 : 0);
  const left = x + first;
  const isInside = left >= 0 && left + columns <= width;
  for (let k = 0; k < count; k++) {
    let sum = f32x4.splat(0);
    for (let j = 0; j < rows; j++) {
      const row = planes + <usize>(4 * width * clamped(y + top + j, height));
      let line = scratch + LINE;
      if (isInside) line = row + <usize>(4 * left);
      else {
        for (let i = 0; i < columns; i++) {
          store<f32>(line + <usize>(4 * i), load<f32>(row + <usize>(4 * clamped(left + i, width))));
        }
      }
      let weighted = f32x4.splat(0);
      for (let i = 0; i < columns; i += 4) {
        const o = <usize>(4 * i);
        const samples = v128.and(v128.load(line + o), v128.load(scratch + MASK + o));
        const weights = v128.and(v128.load(scratch + o), v128.load(scratch + MASK + o));
        weighted = f32x4.add(weighted, f32x4.mul(weights, samples));
      }
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(scratch + ROWS + <usize>(4 * j)), weighted));
    }
    store<f32>(out, sumOf(sum));
    planes += area;
    out += apart;
  }
}

let x: i32 = 0;
let y: i32 = 0;
let fx: f32 = 0;
let fy: f32 = 0;

/** Places column `i` and row `j` of a grid; `at` holds wholes and fractions of columns, in x and in y, then those of rows. */
function place(at: usize, columns: i32, rows: i32, i: i32, j: i32): void {
  const column = <usize>(4 * columns);
  const row = <usize>(4 * rows);
  const p = at + <usize>(4 * i);
  const q = at + 4 * column + <usize>(4 * j);
  x = <i32>load<f32>(p) + <i32>load<f32>(q);
  fx = load<f32>(p + column) + load<f32>(q + row);
  y = <i32>load<f32>(p + 2 * column) + <i32>load<f32>(q + 2 * row);
  fy = load<f32>(p + 3 * column) + load<f32>(q + 3 * row);
  if (fx >= 1) {
    x += 1;
    fx -= 1;
  }
  if (fy >= 1) {
    y += 1;
    fy -= 1;
  }
}

export function sampledByColumns(
  planes: usize,
  count: i32,
  width: i32,
  height: i32,
  at: usize,
  columns: i32,
  rows: i32,
  across: f32,
  down: f32,
  scratch: usize,
  out: usize,
): void {
  const area = <usize>(4 * width * height);
  const apart = <usize>(4 * columns * rows);
  const isSharp = across === 1 && down === 1;
  let o = out;
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++, o += 4) {
      place(at, columns, rows, i, j);
      if (isSharp) sample(planes, count, area, width, height, x, fx, y, fy, o, apart);
      else sampleWide(planes, count, area, width, height, x, fx, y, fy, across, down, scratch, o, apart);
    }
  }
}

export function deltaByColumns(
  planes: usize,
  matte: usize,
  size: i32,
  at: usize,
  columns: i32,
  rows: i32,
  left: i32,
  top: i32,
  right: i32,
  bottom: i32,
  stretch: f32,
  scratch: usize,
  out: usize,
  mattes: usize,
): void {
  const area = <usize>(4 * size * size);
  const apart = <usize>(4 * columns * rows);
  for (let j = top; j < bottom; j++) {
    for (let i = left; i < right; i++) {
      place(at, columns, rows, i, j);
      const alpha: f32 = floor<f32>(bilinear(matte, size) * <f32>65535 + <f32>0.5);
      if (!(alpha > 0)) continue;
      const o = <usize>(4 * (j * columns + i));
      if (stretch === 1) sample(planes, 3, area, size, size, x, fx, y, fy, out + o, apart);
      else sampleWide(planes, 3, area, size, size, x, fx, y, fy, stretch, stretch, scratch, out + o, apart);
      store<f32>(mattes + o, min<f32>(65535, alpha));
    }
  }
}

/** A square picture at the place that was found last, 0 beyond its edge. */
function bilinear(picture: usize, size: i32): f32 {
  if (x < -1 || x >= size || y < -1 || y >= size) return 0;
  const before: f32 = x >= 0 ? <f32>1 - fx : 0;
  const behind: f32 = x + 1 < size ? fx : 0;
  const above: f32 = y >= 0 ? <f32>1 - fy : 0;
  const below: f32 = y + 1 < size ? fy : 0;
  const upper = picture + <usize>(4 * size * clamped(y, size));
  const lower = picture + <usize>(4 * size * clamped(y + 1, size));
  const i = <usize>(4 * clamped(x, size));
  const k = <usize>(4 * clamped(x + 1, size));
  return (
    above * (before * load<f32>(upper + i) + behind * load<f32>(upper + k)) +
    below * (before * load<f32>(lower + i) + behind * load<f32>(lower + k))
  );
}

/** In double precision, as its twin: entries are places hundreds of pixels away. */
export function displacedMap(xy: usize, size: i32, flow: usize, step: f64, columns: i32, rows: i32, out: usize): void {
  const last = <f64>size - 1.001;
  for (let y = 0; y < size; y++) {
    const nv = min<f64>(rows - 1, max<f64>(0, (<f64>y + 0.5) / step - 0.5));
    const nj = max<i32>(0, min<i32>(rows - 2, <i32>floor<f64>(nv)));
    for (let x = 0; x < size; x++) {
      const nu = min<f64>(columns - 1, max<f64>(0, (<f64>x + 0.5) / step - 0.5));
      const ni = max<i32>(0, min<i32>(columns - 2, <i32>floor<f64>(nu)));
      const n = flow + <usize>(8 * (nj * columns + ni));
      const right: usize = columns > 1 ? 8 : 0;
      const below: usize = rows > 1 ? <usize>(8 * columns) : 0;
      const du = between(n, right, below, nu - <f64>ni, nv - <f64>nj);
      const dv = between(n + 4, right, below, nu - <f64>ni, nv - <f64>nj);
      const u = min<f64>(last, max<f64>(0, <f64>x + du));
      const v = min<f64>(last, max<f64>(0, <f64>y + dv));
      const i = floor<f64>(u);
      const j = floor<f64>(v);
      const a = xy + <usize>(8 * (<i32>j * size + <i32>i));
      const o = out + <usize>(8 * (y * size + x));
      store<f32>(o, <f32>between(a, 8, <usize>(8 * size), u - i, v - j));
      store<f32>(o, <f32>between(a + 4, 8, <usize>(8 * size), u - i, v - j), 4);
    }
  }
}

/** Bilinear between a number, that `right` bytes on, and those `below` bytes on. */
function between(a: usize, right: usize, below: usize, fu: f64, fv: f64): f64 {
  const first = <f64>load<f32>(a);
  const second = <f64>load<f32>(a + below);
  const upper = first + fu * (<f64>load<f32>(a + right) - first);
  const lower = second + fu * (<f64>load<f32>(a + below + right) - second);
  return upper + fv * (lower - upper);
}

export function sampledByMap(plane: usize, size: i32, xy: usize, count: i32, out: usize): void {
  for (let o = 0; o < count; o++) {
    const x: f32 = load<f32>(xy + <usize>(8 * o)) - <f32>0.5;
    const y: f32 = load<f32>(xy + <usize>(8 * o), 4) - <f32>0.5;
    const i = floor<f32>(x);
    const j = floor<f32>(y);
    sample(plane, 1, 0, size, size, <i32>i, x - i, <i32>j, y - j, out + <usize>(4 * o), 0);
  }
}

export function sampledInFull(
  plane: usize,
  size: i32,
  xy: usize,
  gain: usize,
  side: i32,
  where: usize,
  outside: usize,
  out: usize,
): void {
  const scale = <f64>size / <f64>side;
  for (let y = 0; y < size; y++) {
    const v = min<f64>(side - 1, max<f64>(0, (<f64>y + 0.5) / scale - 0.5));
    const j = min<i32>(side - 2, <i32>floor<f64>(v));
    const fv = v - <f64>j;
    for (let x = 0; x < size; x++) {
      const o = <usize>(4 * (y * size + x));
      if (!(load<f32>(where + o) > 0)) {
        store<f32>(out + o, load<f32>(outside + o));
        continue;
      }
      const u = min<f64>(side - 1, max<f64>(0, (<f64>x + 0.5) / scale - 0.5));
      const i = min<i32>(side - 2, <i32>floor<f64>(u));
      const fu = u - <f64>i;
      const a = (1 - fu) * (1 - fv);
      const b = fu * (1 - fv);
      const c = (1 - fu) * fv;
      const d = fu * fv;
      const n = xy + <usize>(8 * (j * side + i));
      const m = n + <usize>(8 * side);
      const px =
        a * <f64>load<f32>(n) + b * <f64>load<f32>(n, 8) + c * <f64>load<f32>(m) + d * <f64>load<f32>(m, 8) - 0.5;
      const py =
        a * <f64>load<f32>(n, 4) +
        b * <f64>load<f32>(n, 12) +
        c * <f64>load<f32>(m, 4) +
        d * <f64>load<f32>(m, 12) -
        0.5;
      const ix = floor<f64>(px);
      const iy = floor<f64>(py);
      sample(plane, 1, 0, size, size, <i32>ix, <f32>(px - ix), <i32>iy, <f32>(py - iy), out + o, 0);
      const g = gain + <usize>(4 * (j * side + i));
      const h = g + <usize>(4 * side);
      const factor =
        a * <f64>load<f32>(g) + b * <f64>load<f32>(g, 4) + c * <f64>load<f32>(h) + d * <f64>load<f32>(h, 4);
      store<f32>(out + o, <f32>(factor * <f64>load<f32>(out + o)));
    }
  }
}

/** Places and stretches in double precision, as its twin. */
export function warpedByMap(
  planes: usize,
  width: i32,
  height: i32,
  xy: usize,
  size: i32,
  where: usize,
  shrink: f64,
  sharp: f64,
  scratch: usize,
  out: usize,
): void {
  const area = <usize>(4 * width * height);
  const apart = <usize>(4 * size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const o = <usize>(4 * (j * size + i));
      if (!(load<f32>(where + o) > 0)) {
        for (let k: usize = 0; k < 3; k++) store<f32>(out + o + k * apart, 0);
        continue;
      }
      const u = <f64>load<f32>(xy + 2 * o) * shrink - 0.5;
      const v = <f64>load<f32>(xy + 2 * o, 4) * shrink - 0.5;
      const x = floor<f64>(u);
      const y = floor<f64>(v);
      const wide = min<f64>(16, localScale(xy, size, i, j) * shrink);
      const fx = <f32>(u - x);
      const fy = <f32>(v - y);
      if (wide < sharp) sample(planes, 3, area, width, height, <i32>x, fx, <i32>y, fy, out + o, apart);
      else {
        const stretch = <f32>wide;
        sampleWide(planes, 3, area, width, height, <i32>x, fx, <i32>y, fy, stretch, stretch, scratch, out + o, apart);
      }
    }
  }
}

function localScale(xy: usize, size: i32, i: i32, j: i32): f64 {
  const left = max(0, i - 1);
  const right = min(size - 1, i + 1);
  const above = max(0, j - 1);
  const below = min(size - 1, j + 1);
  const across = squaredStep(xy, j * size + left, j * size + right, <f64>(right - left));
  const down = squaredStep(xy, above * size + i, below * size + i, <f64>(below - above));
  return sqrt<f64>(max<f64>(across, down));
}

/** How far two entries lie apart, over `steps`, squared. */
function squaredStep(xy: usize, from: i32, to: i32, steps: f64): f64 {
  const a = xy + <usize>(8 * from);
  const b = xy + <usize>(8 * to);
  const x = (<f64>load<f32>(b) - <f64>load<f32>(a)) / steps;
  const y = (<f64>load<f32>(b, 4) - <f64>load<f32>(a, 4)) / steps;
  return x * x + y * y;
}
