/*
 * Loops over whole planes of `count` samples. Every operation is rounded to 32 bits at once and stands in the order in which
 * `../wasm/window.ts` carries it out: both give the same bits. `out` may be one of the planes that are read.
 */

const f32 = Math.fround;

/** a · b. */
function product(a: Float32Array, b: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = a[i] * b[i];
}

/** a · factor. */
function scaled(a: Float32Array, out: Float32Array, count: number, factor: number): void {
  const by = f32(factor);
  for (let i = 0; i < count; i++) out[i] = a[i] * by;
}

/** a − b. */
function difference(a: Float32Array, b: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = a[i] - b[i];
}

/** (a − b)². */
function squaredDifference(a: Float32Array, b: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const d = f32(a[i] - b[i]);
    out[i] = d * d;
  }
}

/** weight · (a − b) where `where` is above 0, else 0. */
function weightedDifference(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  where: Float32Array,
  out: Float32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) out[i] = where[i] > 0 ? weight[i] * f32(a[i] - b[i]) : 0;
}

/** a where `where` is above 0, else b. */
function chosen(a: Float32Array, b: Float32Array, where: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = where[i] > 0 ? a[i] : b[i];
}

/** Adds factor · (a − b) to `out` where `where` is above 0. */
function addedDifference(
  a: Float32Array,
  b: Float32Array,
  where: Float32Array,
  out: Float32Array,
  count: number,
  factor: number,
): void {
  const by = f32(factor);
  for (let i = 0; i < count; i++) if (where[i] > 0) out[i] += f32(by * f32(a[i] - b[i]));
}

/** Adds `a` to `out` where `where` is above 0. */
function addedWhere(a: Float32Array, where: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) if (where[i] > 0) out[i] += a[i];
}

/** Adds a · b to `out`. */
function addedProduct(a: Float32Array, b: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] += f32(a[i] * b[i]);
}

/** The means of squares of `side` pixels (a multiple of 4) of each of three planes; `first`: their top-left pixels. */
function squareMeans(
  rgb: Float32Array,
  size: number,
  first: Int32Array,
  count: number,
  side: number,
  means: Float32Array,
): void {
  const share = f32(1 / (side * side));
  const lanes = new Float32Array(4);
  for (let c = 0, o = 0; c < 3; c++) {
    for (let s = 0; s < count; s++, o++) {
      lanes.fill(0);
      for (let y = 0, i = c * size * size + first[s]; y < side; y++, i += size) {
        for (let x = 0; x < side; x++) lanes[x & 3] += rgb[i + x];
      }
      means[o] = share * f32(f32(lanes[0] + lanes[1]) + f32(lanes[2] + lanes[3]));
    }
  }
}

/**
 * Turns distances into weights, in place: `trust` up to `ordinary` (in eyes, where `eyes` is above 0, up to `inEyes`), and beyond it
 * trust · exp(−rate · what is beyond).
 */
function likeness(
  distance: Float32Array,
  eyes: Float32Array,
  count: number,
  ordinary: number,
  inEyes: number,
  rate: number,
  rateInEyes: number,
  trust: number,
): void {
  const [plain, eye, slow, fast, full] = [f32(ordinary), f32(inEyes), f32(-rate), f32(-rateInEyes), f32(trust)];
  for (let i = 0; i < count; i++) {
    const isEye = eyes[i] > 0;
    const beyond = f32(distance[i] - (isEye ? eye : plain));
    distance[i] = beyond > 0 ? full * exponential(f32((isEye ? fast : slow) * beyond)) : full;
  }
}

/** e to the power of `x` ≤ 0, to 2 units in the last place (Cephes' expf, Moshier 1989). */
function exponential(x: number): number {
  const y = Math.max(-87, x);
  const n = Math.floor(f32(f32(y * f32(Math.LOG2E)) + 0.5));
  const r = f32(f32(y - f32(n * 0.693359375)) - f32(n * f32(-2.1219444e-4)));
  let p = f32(1.98756915e-4);
  p = f32(f32(p * r) + f32(1.3981999507e-3));
  p = f32(f32(p * r) + f32(8.3334519073e-3));
  p = f32(f32(p * r) + f32(4.1665795894e-2));
  p = f32(f32(p * r) + f32(1.6666665459e-1));
  p = f32(f32(p * r) + f32(5.0000001201e-1));
  p = f32(f32(f32(f32(p * r) * r) + r) + 1);
  return f32(p * 2 ** n);
}

/** Adds `weight` times three planes to `rgb`, and itself to `weights`, where it is `least` or more and `where` is above 0. */
function addedWeighted(
  planes: Float32Array,
  weight: Float32Array,
  where: Float32Array,
  rgb: Float32Array,
  weights: Float32Array,
  count: number,
  least: number,
): void {
  const bound = f32(least);
  for (let i = 0; i < count; i++) {
    const w = weight[i];
    if (!(where[i] > 0) || w < bound) continue;
    weights[i] += w;
    for (let o = i; o < 3 * count; o += count) rgb[o] += f32(w * planes[o]);
  }
}

/** Divides three planes by their weights, in place; what weighs no more than `least` is `centre`. */
function normalised(
  rgb: Float32Array,
  weights: Float32Array,
  centre: Float32Array,
  count: number,
  least: number,
): void {
  const bound = f32(least);
  for (let i = 0; i < count; i++) {
    const w = weights[i];
    for (let o = i; o < 3 * count; o += count) rgb[o] = w > bound ? rgb[o] / w : centre[o];
  }
}

/** What is kept of a plate beyond its repaired self: own · (plate − repaired) + (1 − own) · substitute's, which is at most `most`; 0 where not looked at. */
function residual(
  plate: Float32Array,
  repaired: Float32Array,
  substitute: Float32Array,
  own: Float32Array,
  where: Float32Array,
  out: Float32Array,
  count: number,
  most: number,
): void {
  const bound = f32(most);
  for (let i = 0; i < count; i++) {
    const w = own[i];
    const other = Math.min(bound, Math.max(-bound, f32(substitute[i] - repaired[i])));
    const kept = f32(f32(w * f32(plate[i] - repaired[i])) + f32(f32(1 - w) * other));
    out[i] = where[i] > 0 ? kept : 0;
  }
}

/** a² + b², and a · b. */
function productsOfPair(
  a: Float32Array,
  b: Float32Array,
  squares: Float32Array,
  products: Float32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    squares[i] = f32(a[i] * a[i]) + f32(b[i] * b[i]);
    products[i] = a[i] * b[i];
  }
}

/** 2 · covariance over the sum of variances and `floor`, of local means of a, b, a² + b² and a · b; the last is replaced. */
function likenessOfMeans(
  a: Float32Array,
  b: Float32Array,
  squares: Float32Array,
  products: Float32Array,
  count: number,
  floor: number,
): void {
  const least = f32(floor);
  for (let i = 0; i < count; i++) {
    const [p, q] = [a[i], b[i]];
    const variances = Math.max(0, f32(f32(squares[i] - f32(p * p)) - f32(q * q)));
    products[i] = f32(2 * f32(products[i] - f32(p * q))) / f32(variances + least);
  }
}

/** The slope of a on b, 0 … `most`, of local means of a, b, b² and a · b; the last is replaced. `prior` is what a slope of 1 counts. */
function contrastOfMeans(
  a: Float32Array,
  b: Float32Array,
  squares: Float32Array,
  products: Float32Array,
  count: number,
  prior: number,
  most: number,
): void {
  const [least, bound] = [f32(prior), f32(most)];
  for (let i = 0; i < count; i++) {
    const [p, q] = [a[i], b[i]];
    const slope = f32(f32(products[i] - f32(p * q)) + least) / f32(Math.max(0, f32(squares[i] - f32(q * q))) + least);
    products[i] = Math.min(bound, Math.max(0, f32(slope)));
  }
}

export const WINDOW_LOOPS = {
  product,
  scaled,
  difference,
  squaredDifference,
  weightedDifference,
  chosen,
  addedDifference,
  addedWhere,
  addedProduct,
  squareMeans,
  likeness,
  addedWeighted,
  normalised,
  residual,
  productsOfPair,
  likenessOfMeans,
  contrastOfMeans,
};
