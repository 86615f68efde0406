/** Twins of `src/compute/cpu/loops/filter-loops.ts`. */
import { put } from './lanes';

export function gaussian(
  plane: usize,
  across: usize,
  line: usize,
  out: usize,
  kernel: usize,
  width: i32,
  height: i32,
  radius: i32,
): void {
  for (let y = 0; y < height; y++) {
    const row = plane + <usize>(4 * y * width);
    paddedLine(row, line, width, radius);
    alongRow(line, kernel, radius, width, across + <usize>(4 * y * width));
  }
  for (let y = 0; y < height; y++) downRow(across, kernel, radius, width, height, y, out + <usize>(4 * y * width));
}

/** A row with its ends repeated, and three zeros. */
function paddedLine(row: usize, line: usize, width: i32, radius: i32): void {
  const first = load<f32>(row);
  const last = load<f32>(row + <usize>(4 * (width - 1)));
  for (let k = 0; k < radius; k++) {
    store<f32>(line + <usize>(4 * k), first);
    store<f32>(line + <usize>(4 * (radius + width + k)), last);
  }
  for (let k = 0; k < 3; k++) store<f32>(line + <usize>(4 * (2 * radius + width + k)), 0);
  memory.copy(line + <usize>(4 * radius), row, <usize>(4 * width));
}

function alongRow(line: usize, kernel: usize, radius: i32, width: i32, out: usize): void {
  const centre = v128.load32_splat(kernel);
  for (let x = 0; x < width; x += 8) {
    const at = line + <usize>(4 * (x + radius));
    let a = f32x4.mul(centre, v128.load(at));
    let b = f32x4.mul(centre, v128.load(at, 16));
    for (let k = 1; k <= radius; k++) {
      const w = v128.load32_splat(kernel + <usize>(4 * k));
      const low = at - <usize>(4 * k);
      const high = at + <usize>(4 * k);
      a = f32x4.add(a, f32x4.mul(w, f32x4.add(v128.load(low), v128.load(high))));
      b = f32x4.add(b, f32x4.mul(w, f32x4.add(v128.load(low, 16), v128.load(high, 16))));
    }
    put(out + <usize>(4 * x), a, width - x);
    put(out + <usize>(4 * x) + 16, b, width - x - 4);
  }
}

function downRow(plane: usize, kernel: usize, radius: i32, width: i32, height: i32, y: i32, out: usize): void {
  const centre = v128.load32_splat(kernel);
  const row = plane + <usize>(4 * y * width);
  for (let x = 0; x < width; x += 16) {
    const at = row + <usize>(4 * x);
    let a = f32x4.mul(centre, v128.load(at));
    let b = f32x4.mul(centre, v128.load(at, 16));
    let c = f32x4.mul(centre, v128.load(at, 32));
    let d = f32x4.mul(centre, v128.load(at, 48));
    for (let k = 1; k <= radius; k++) {
      const w = v128.load32_splat(kernel + <usize>(4 * k));
      const p = plane + <usize>(4 * (max(0, y - k) * width + x));
      const q = plane + <usize>(4 * (min(height - 1, y + k) * width + x));
      a = f32x4.add(a, f32x4.mul(w, f32x4.add(v128.load(p), v128.load(q))));
      b = f32x4.add(b, f32x4.mul(w, f32x4.add(v128.load(p, 16), v128.load(q, 16))));
      c = f32x4.add(c, f32x4.mul(w, f32x4.add(v128.load(p, 32), v128.load(q, 32))));
      d = f32x4.add(d, f32x4.mul(w, f32x4.add(v128.load(p, 48), v128.load(q, 48))));
    }
    const to = out + <usize>(4 * x);
    put(to, a, width - x);
    put(to + 16, b, width - x - 4);
    put(to + 32, c, width - x - 8);
    put(to + 48, d, width - x - 12);
  }
}

/** Four rows at once, each in a lane. `scratch` holds 4 · (width + 2 radius + length) floats. */
export function boxAcross(plane: usize, out: usize, scratch: usize, width: i32, height: i32, radius: i32): void {
  const length = 2 * radius + 1;
  const factor = f32x4.splat(<f32>1 / <f32>length);
  const ends = scratch + <usize>(16 * (width + 2 * radius));
  for (let y = 0; y < height; y += 4) {
    // Beyond the last row it is written again, with the same samples.
    const r0 = <usize>(4 * width * y);
    const r1 = <usize>(4 * width * min(height - 1, y + 1));
    const r2 = <usize>(4 * width * min(height - 1, y + 2));
    const r3 = <usize>(4 * width * min(height - 1, y + 3));
    lanesOfRows(plane, r0, r1, r2, r3, scratch, width, radius);
    for (let first = 0; first < width; first += length) {
      let end = f32x4.splat(0);
      for (let k = length - 1; k >= 0; k--) {
        end = f32x4.add(end, v128.load(scratch + <usize>(16 * (first + k))));
        v128.store(ends + <usize>(16 * k), end);
      }
      // Once they are summed, a block's samples are not read again: the answer takes their places.
      v128.store(scratch + <usize>(16 * first), f32x4.mul(factor, end));
      const windows = min(length, width - first);
      let beginning = f32x4.splat(0);
      for (let k = 1; k < windows; k++) {
        beginning = f32x4.add(beginning, v128.load(scratch + <usize>(16 * (first + length + k - 1))));
        const sum = f32x4.add(v128.load(ends + <usize>(16 * k)), beginning);
        v128.store(scratch + <usize>(16 * (first + k)), f32x4.mul(factor, sum));
      }
    }
    rowsOfLanes(scratch, out, r0, r1, r2, r3, width);
  }
}

/** Sample x of four rows as the lanes of place `radius + x`, and their ends repeated on both sides. */
function lanesOfRows(
  plane: usize,
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
  lanes: usize,
  width: i32,
  radius: i32,
): void {
  const from = lanes + <usize>(16 * radius);
  for (let x = 0; x < width; x += 4) {
    const at = plane + <usize>(4 * x);
    const a = v128.load(at + r0);
    const b = v128.load(at + r1);
    const c = v128.load(at + r2);
    const d = v128.load(at + r3);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ef = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const gh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const to = from + <usize>(16 * x);
    v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), 16);
    v128.store(to, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5), 32);
    v128.store(to, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7), 48);
  }
  const first = v128.load(from);
  const last = v128.load(from + <usize>(16 * (width - 1)));
  for (let k = 0; k < radius; k++) {
    v128.store(lanes + <usize>(16 * k), first);
    v128.store(from + <usize>(16 * (width + k)), last);
  }
}

function rowsOfLanes(lanes: usize, out: usize, r0: usize, r1: usize, r2: usize, r3: usize, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const from = lanes + <usize>(16 * x);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ef = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const gh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const to = out + <usize>(4 * x);
    put(to + r0, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), width - x);
    put(to + r1, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), width - x);
    put(to + r2, v128.shuffle<f32>(ef, gh, 0, 1, 4, 5), width - x);
    put(to + r3, v128.shuffle<f32>(ef, gh, 2, 3, 6, 7), width - x);
  }
}

/** `scratch` holds (length + 1) · width floats: the ends of the sums, and what has begun. */
export function boxDown(plane: usize, out: usize, scratch: usize, width: i32, height: i32, radius: i32): void {
  const length = 2 * radius + 1;
  const factor = f32x4.splat(<f32>1 / <f32>length);
  const pitch = <usize>(4 * width);
  const beginning = scratch + <usize>length * pitch;
  for (let first = 0; first < height; first += length) {
    for (let k = length - 1; k >= 0; k--) {
      const row = plane + <usize>rowAt(first + k - radius, height) * pitch;
      const end = scratch + <usize>k * pitch;
      if (k === length - 1) memory.copy(end, row, pitch);
      else addedRow(end + pitch, row, end, width);
    }
    memory.fill(beginning, 0, pitch);
    scaledRow(scratch, factor, out + <usize>first * pitch, width);
    const windows = min(length, height - first);
    for (let k = 1; k < windows; k++) {
      const row = plane + <usize>rowAt(first + length + k - 1 - radius, height) * pitch;
      grownRow(scratch + <usize>k * pitch, beginning, row, factor, out + <usize>(first + k) * pitch, width);
    }
  }
}

function rowAt(y: i32, height: i32): i32 {
  return max(0, min(height - 1, y));
}

function addedRow(a: usize, b: usize, out: usize, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const o = <usize>(4 * x);
    put(out + o, f32x4.add(v128.load(a + o), v128.load(b + o)), width - x);
  }
}

function scaledRow(a: usize, factor: v128, out: usize, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const o = <usize>(4 * x);
    put(out + o, f32x4.mul(factor, v128.load(a + o)), width - x);
  }
}

function grownRow(ends: usize, beginning: usize, row: usize, factor: v128, out: usize, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const o = <usize>(4 * x);
    const sum = f32x4.add(v128.load(beginning + o), v128.load(row + o));
    put(beginning + o, sum, width - x);
    put(out + o, f32x4.mul(factor, f32x4.add(v128.load(ends + o), sum)), width - x);
  }
}

export function halved(plane: usize, out: usize, size: i32): void {
  const half = size >> 1;
  const pitch = <usize>(4 * size);
  const quarter = f32x4.splat(0.25);
  for (let y = 0; y < half; y++) {
    const row = plane + <usize>(2 * y) * pitch;
    const to = out + <usize>(4 * y * half);
    for (let x = 0; x < half; x += 4) {
      put(to + <usize>(4 * x), f32x4.mul(quarter, squareSums(row + <usize>(8 * x), pitch)), half - x);
    }
  }
}

/** The sums of four squares of 2 × 2, side by side. */
function squareSums(at: usize, pitch: usize): v128 {
  const a = v128.load(at);
  const b = v128.load(at, 16);
  const c = v128.load(at + pitch);
  const d = v128.load(at + pitch, 16);
  const upper = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  const third = f32x4.add(upper, v128.shuffle<f32>(c, d, 0, 2, 4, 6));
  return f32x4.add(third, v128.shuffle<f32>(c, d, 1, 3, 5, 7));
}

export function halvedLuma(rgb: usize, out: usize, size: i32, red: f32, green: f32, blue: f32): void {
  const half = size >> 1;
  const pitch = <usize>(4 * size);
  const area = pitch * <usize>size;
  const reds = f32x4.splat(red);
  const greens = f32x4.splat(green);
  const blues = f32x4.splat(blue);
  for (let y = 0; y < half; y++) {
    const row = rgb + <usize>(2 * y) * pitch;
    const to = out + <usize>(4 * y * half);
    for (let x = 0; x < half; x += 4) {
      const at = row + <usize>(8 * x);
      const ofRed = f32x4.mul(reds, squareSums(at, pitch));
      const two = f32x4.add(ofRed, f32x4.mul(greens, squareSums(at + area, pitch)));
      const sum = f32x4.add(two, f32x4.mul(blues, squareSums(at + area + area, pitch)));
      put(to + <usize>(4 * x), sum, half - x);
    }
  }
}

export function doubled(plane: usize, line: usize, out: usize, half: i32): void {
  const size = 2 * half;
  const pitch = <usize>(4 * half);
  const most = f32x4.splat(0.75);
  const least = f32x4.splat(0.25);
  // A place before the line and one behind it repeat its ends.
  const inner = line + 4;
  for (let y = 0; y < size; y++) {
    const at = y >> 1;
    const near = plane + <usize>at * pitch;
    const far = plane + <usize>max(0, min(half - 1, at + ((y & 1) === 0 ? -1 : 1))) * pitch;
    for (let x = 0; x < half; x += 4) {
      const o = <usize>(4 * x);
      const sum = f32x4.add(f32x4.mul(most, v128.load(near + o)), f32x4.mul(least, v128.load(far + o)));
      put(inner + o, sum, half - x);
    }
    store<f32>(line, load<f32>(inner));
    store<f32>(inner + pitch, load<f32>(inner + pitch - 4));
    const to = out + <usize>(4 * y * size);
    for (let x = 0; x < half; x += 4) {
      const o = line + <usize>(4 * x);
      const v = f32x4.mul(most, v128.load(o, 4));
      const left = f32x4.add(v, f32x4.mul(least, v128.load(o)));
      const right = f32x4.add(v, f32x4.mul(least, v128.load(o, 8)));
      put(to + <usize>(8 * x), v128.shuffle<f32>(left, right, 0, 4, 1, 5), size - 2 * x);
      put(to + <usize>(8 * x + 16), v128.shuffle<f32>(left, right, 2, 6, 3, 7), size - 2 * x - 4);
    }
  }
}

export function luma(rgb: usize, out: usize, count: i32, red: f32, green: f32, blue: f32): void {
  const area = <usize>(4 * count);
  const reds = f32x4.splat(red);
  const greens = f32x4.splat(green);
  const blues = f32x4.splat(blue);
  for (let i = 0; i < count; i += 4) {
    const at = rgb + <usize>(4 * i);
    const two = f32x4.add(f32x4.mul(reds, v128.load(at)), f32x4.mul(greens, v128.load(at + area)));
    put(out + <usize>(4 * i), f32x4.add(two, f32x4.mul(blues, v128.load(at + area + area))), count - i);
  }
}
