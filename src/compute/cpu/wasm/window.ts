/** Twins of `src/compute/cpu/loops/window-loops.ts`. */
import { put, sumOf } from './lanes';

const ZERO = f32x4.splat(0);
const ONE = f32x4.splat(1);

export function product(a: usize, b: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    put(out + o, f32x4.mul(v128.load(a + o), v128.load(b + o)), count - i);
  }
}

export function scaled(a: usize, out: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    put(out + o, f32x4.mul(v128.load(a + o), by), count - i);
  }
}

export function difference(a: usize, b: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    put(out + o, f32x4.sub(v128.load(a + o), v128.load(b + o)), count - i);
  }
}

export function squaredDifference(a: usize, b: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const d = f32x4.sub(v128.load(a + o), v128.load(b + o));
    put(out + o, f32x4.mul(d, d), count - i);
  }
}

export function weightedDifference(weight: usize, a: usize, b: usize, where: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const d = f32x4.mul(v128.load(weight + o), f32x4.sub(v128.load(a + o), v128.load(b + o)));
    put(out + o, v128.and(d, isAbove(where + o)), count - i);
  }
}

function isAbove(where: usize): v128 {
  return f32x4.gt(v128.load(where), ZERO);
}

export function chosen(a: usize, b: usize, where: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    put(out + o, v128.bitselect(v128.load(a + o), v128.load(b + o), isAbove(where + o)), count - i);
  }
}

export function addedDifference(a: usize, b: usize, where: usize, out: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const old = v128.load(out + o);
    const sum = f32x4.add(old, f32x4.mul(by, f32x4.sub(v128.load(a + o), v128.load(b + o))));
    put(out + o, v128.bitselect(sum, old, isAbove(where + o)), count - i);
  }
}

export function addedWhere(a: usize, where: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const old = v128.load(out + o);
    put(out + o, v128.bitselect(f32x4.add(old, v128.load(a + o)), old, isAbove(where + o)), count - i);
  }
}

export function addedProduct(a: usize, b: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const sum = f32x4.add(v128.load(out + o), f32x4.mul(v128.load(a + o), v128.load(b + o)));
    put(out + o, sum, count - i);
  }
}

export function squareMeans(rgb: usize, size: i32, first: usize, count: i32, side: i32, means: usize): void {
  const share: f32 = <f32>1 / <f32>(side * side);
  for (let c = 0; c < 3; c++) {
    for (let s = 0; s < count; s++) {
      let at = rgb + <usize>(4 * (c * size * size + load<i32>(first + <usize>(4 * s))));
      let sum = ZERO;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x += 4) sum = f32x4.add(sum, v128.load(at + <usize>(4 * x)));
        at += <usize>(4 * size);
      }
      store<f32>(means + <usize>(4 * (c * count + s)), share * sumOf(sum));
    }
  }
}

export function likeness(
  distance: usize,
  eyes: usize,
  count: i32,
  ordinary: f32,
  inEyes: f32,
  rate: f32,
  rateInEyes: f32,
  trust: f32,
): void {
  const full = f32x4.splat(trust);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const isEye = isAbove(eyes + o);
    const bound = v128.bitselect(f32x4.splat(inEyes), f32x4.splat(ordinary), isEye);
    const slope = v128.bitselect(f32x4.splat(-rateInEyes), f32x4.splat(-rate), isEye);
    const beyond = f32x4.sub(v128.load(distance + o), bound);
    const less = f32x4.mul(full, exponential(f32x4.mul(slope, beyond)));
    put(distance + o, v128.bitselect(less, full, f32x4.gt(beyond, ZERO)), count - i);
  }
}

function exponential(x: v128): v128 {
  const y = f32x4.max(f32x4.splat(-87), x);
  const n = f32x4.floor(f32x4.add(f32x4.mul(y, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(0.5)));
  const r = f32x4.sub(
    f32x4.sub(y, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(<f32>-2.1219444e-4)),
  );
  let p = f32x4.splat(<f32>1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(<f32>5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), ONE);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

export function addedWeighted(
  planes: usize,
  weight: usize,
  where: usize,
  rgb: usize,
  weights: usize,
  count: i32,
  least: f32,
): void {
  const bound = f32x4.splat(least);
  const area = <usize>(4 * count);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const w = v128.load(weight + o);
    const isSeen = v128.andnot(isAbove(where + o), f32x4.lt(w, bound));
    if (!v128.any_true(isSeen)) continue;
    const sum = v128.load(weights + o);
    put(weights + o, v128.bitselect(f32x4.add(sum, w), sum, isSeen), count - i);
    for (let c = 0; c < 3; c++) {
      const p = <usize>c * area + o;
      const old = v128.load(rgb + p);
      put(rgb + p, v128.bitselect(f32x4.add(old, f32x4.mul(w, v128.load(planes + p))), old, isSeen), count - i);
    }
  }
}

export function normalised(rgb: usize, weights: usize, centre: usize, count: i32, least: f32): void {
  const bound = f32x4.splat(least);
  const area = <usize>(4 * count);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const w = v128.load(weights + o);
    const isEnough = f32x4.gt(w, bound);
    for (let c = 0; c < 3; c++) {
      const p = <usize>c * area + o;
      const mean = f32x4.div(v128.load(rgb + p), w);
      put(rgb + p, v128.bitselect(mean, v128.load(centre + p), isEnough), count - i);
    }
  }
}

export function residual(
  plate: usize,
  repaired: usize,
  substitute: usize,
  own: usize,
  where: usize,
  out: usize,
  count: i32,
  most: f32,
): void {
  const high = f32x4.splat(most);
  const low = f32x4.splat(-most);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const w = v128.load(own + o);
    const clean = v128.load(repaired + o);
    const other = f32x4.min(high, f32x4.max(low, f32x4.sub(v128.load(substitute + o), clean)));
    const kept = f32x4.add(f32x4.mul(w, f32x4.sub(v128.load(plate + o), clean)), f32x4.mul(f32x4.sub(ONE, w), other));
    put(out + o, v128.and(kept, isAbove(where + o)), count - i);
  }
}

export function productsOfPair(a: usize, b: usize, squares: usize, products: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const p = v128.load(a + o);
    const q = v128.load(b + o);
    put(squares + o, f32x4.add(f32x4.mul(p, p), f32x4.mul(q, q)), count - i);
    put(products + o, f32x4.mul(p, q), count - i);
  }
}

export function likenessOfMeans(a: usize, b: usize, squares: usize, products: usize, count: i32, floor: f32): void {
  const least = f32x4.splat(floor);
  const two = f32x4.splat(2);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const p = v128.load(a + o);
    const q = v128.load(b + o);
    const rest = f32x4.sub(f32x4.sub(v128.load(squares + o), f32x4.mul(p, p)), f32x4.mul(q, q));
    const covariance = f32x4.sub(v128.load(products + o), f32x4.mul(p, q));
    const variances = f32x4.add(f32x4.max(ZERO, rest), least);
    put(products + o, f32x4.div(f32x4.mul(two, covariance), variances), count - i);
  }
}

export function contrastOfMeans(
  a: usize,
  b: usize,
  squares: usize,
  products: usize,
  count: i32,
  prior: f32,
  most: f32,
): void {
  const least = f32x4.splat(prior);
  const bound = f32x4.splat(most);
  for (let i = 0; i < count; i += 4) {
    const o = <usize>(4 * i);
    const p = v128.load(a + o);
    const q = v128.load(b + o);
    const covariance = f32x4.add(f32x4.sub(v128.load(products + o), f32x4.mul(p, q)), least);
    const variance = f32x4.max(ZERO, f32x4.sub(v128.load(squares + o), f32x4.mul(q, q)));
    const slope = f32x4.div(covariance, f32x4.add(variance, least));
    put(products + o, f32x4.min(bound, f32x4.max(ZERO, slope)), count - i);
  }
}
