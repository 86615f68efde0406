/** The twin of `searchedLevel` in `src/motion/flow-search.ts`. */
import { sumOf } from './lanes';

const SIDE = 8;
const STEP = 4;
const AREA: f32 = 64;
const MOST_STEPS = 6;
const CLOSE: f32 = <f32>(0.03 * 0.03);
const LEAST_TRUST: f32 = 0.01;

let sums = f32x4.splat(0);
let alongX = f32x4.splat(0);
let alongY = f32x4.splat(0);
let squares = f32x4.splat(0);

export function searchedLevel(
  from: usize,
  dx: usize,
  dy: usize,
  to: usize,
  width: i32,
  height: i32,
  inverse: usize,
  slopes: usize,
  sure: usize,
  guess: usize,
  start: usize,
  scale: f32,
  columns: i32,
  rows: i32,
  limit: f32,
  perError: f32,
  xy: usize,
  trust: usize,
): void {
  const share: f32 = <f32>1 / scale;
  for (let j = 0; j < rows; j++) {
    const y0 = placeOf(j, height);
    for (let i = 0; i < columns; i++) {
      const n = j * columns + i;
      const one = <usize>(4 * n);
      const two = <usize>(8 * n);
      store<f32>(xy + two, 0);
      store<f32>(xy + two, 0, 4);
      store<f32>(trust + one, 0);
      const deserved = load<f32>(sure + one);
      if (deserved < LEAST_TRUST) continue;
      const x0 = placeOf(i, width);
      const u0: f32 = load<f32>(guess + two) + load<f32>(start + two) * share;
      const v0: f32 = load<f32>(guess + two, 4) + load<f32>(start + two, 4) * share;
      const a = load<f32>(inverse + <usize>(12 * n));
      const b = load<f32>(inverse + <usize>(12 * n), 4);
      const c = load<f32>(inverse + <usize>(12 * n), 8);
      let u = u0;
      let v = v0;
      let mean: f32 = 0;
      let error: f32 = Infinity;
      for (let step = 0; step <= MOST_STEPS; step++) {
        const wholeU = floor<f32>(u);
        const wholeV = floor<f32>(v);
        // A displacement that is not a number leads nowhere.
        const isNear = abs<f32>(wholeU) < 32768 && abs<f32>(wholeV) < 32768;
        const ix = isNear ? x0 + <i32>wholeU : -1;
        const iy = isNear ? y0 + <i32>wholeV : -1;
        if (!(ix >= 0 && iy >= 0 && ix + SIDE < width && iy + SIDE < height)) {
          error = Infinity;
          break;
        }
        const isFirst = step === 0;
        const p = <usize>(4 * (y0 * width + x0));
        const q = to + <usize>(4 * (iy * width + ix));
        sumPatch(
          from + p,
          dx + p,
          dy + p,
          q,
          <usize>(4 * width),
          u - wholeU,
          v - wholeV,
          mean,
          isFirst ? Infinity : limit,
        );
        const rest: f32 = sumOf(sums) / AREA;
        mean += rest;
        if (!isFirst) error = sumOf(squares) / AREA;
        if (step === MOST_STEPS) break;
        const bx: f32 = sumOf(alongX) - rest * load<f32>(slopes + two);
        const by: f32 = sumOf(alongY) - rest * load<f32>(slopes + two, 4);
        const du: f32 = a * bx + b * by;
        const dv: f32 = b * bx + c * by;
        u -= du;
        v -= dv;
        if (!isFirst && du * du + dv * dv < CLOSE) break;
      }
      const du: f32 = u - u0;
      const dv: f32 = v - v0;
      if (!(error < Infinity) || du * du + dv * dv > AREA) continue;
      store<f32>(xy + two, du);
      store<f32>(xy + two, dv, 4);
      const times: f32 = error * perError;
      store<f32>(trust + one, deserved / (<f32>1 + times * times * <f32>0.25));
    }
  }
}

function placeOf(i: i32, length: i32): i32 {
  return max(0, min(length - SIDE, i * STEP + STEP / 2 - SIDE / 2));
}

function sumPatch(
  from: usize,
  dx: usize,
  dy: usize,
  to: usize,
  pitch: usize,
  fx: f32,
  fy: f32,
  mean: f32,
  most: f32,
): void {
  const product: f32 = fx * fy;
  const w11 = f32x4.splat(product);
  const w10 = f32x4.splat(fy - product);
  const w01 = f32x4.splat(fx - product);
  const w00 = f32x4.splat(<f32>1 - fx - (fy - product));
  const means = f32x4.splat(mean);
  const high = f32x4.splat(most);
  const low = f32x4.splat(-most);
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let s = f32x4.splat(0);
  for (let row = 0; row < SIDE; row++) {
    for (let half: usize = 0; half < 32; half += 16) {
      const q = to + half;
      const upper = f32x4.add(f32x4.mul(w00, v128.load(q)), f32x4.mul(w01, v128.load(q, 4)));
      const lower = f32x4.add(f32x4.mul(w10, v128.load(q + pitch)), f32x4.mul(w11, v128.load(q + pitch, 4)));
      const rest = f32x4.sub(f32x4.sub(f32x4.add(upper, lower), v128.load(from + half)), means);
      const d = f32x4.min(high, f32x4.max(low, rest));
      a = f32x4.add(a, d);
      b = f32x4.add(b, f32x4.mul(d, v128.load(dx + half)));
      c = f32x4.add(c, f32x4.mul(d, v128.load(dy + half)));
      s = f32x4.add(s, f32x4.mul(d, d));
    }
    from += pitch;
    dx += pitch;
    dy += pitch;
    to += pitch;
  }
  sums = a;
  alongX = b;
  alongY = c;
  squares = s;
}
