/** Plain references of filters, in double precision and without any cleverness: each pixel by itself, from the definition. */

export type Plane = ArrayLike<number>;

const clamp = (i: number, length: number): number => Math.min(length - 1, Math.max(0, i));

export function luma(rgb: Plane): Float64Array {
  const area = rgb.length / 3;
  const at = (i: number) => rgb[i] as number;
  return Float64Array.from(
    { length: area },
    (_, i) => 0.2126 * at(i) + 0.7152 * at(area + i) + 0.0722 * at(2 * area + i),
  );
}

export function halved(plane: Plane, size: number): Float64Array {
  const half = size / 2;
  const at = (x: number, y: number) => plane[y * size + x] as number;
  return Float64Array.from({ length: half * half }, (_, o) => {
    const [x, y] = [2 * (o % half), 2 * Math.floor(o / half)];
    return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4;
  });
}

/** Catmull-Rom (Keys 1981, a = −½) at distance `d` samples. */
function catmullRom(d: number): number {
  if (d >= 2) return 0;
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** At half the size, rounded up: Catmull-Rom, twice as wide, about the middle between two pixels. */
export function decimated(plane: Plane, width: number, height: number): Float64Array {
  const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const taps = Array.from({ length: 8 }, (_, k) => ({ at: k - 3, weight: catmullRom(Math.abs(k - 3.5) / 2) / 2 }));
  const at = (x: number, y: number) => plane[clamp(y, height) * width + clamp(x, width)] as number;
  return Float64Array.from({ length: across * down }, (_, o) => {
    const [x, y] = [2 * (o % across), 2 * Math.floor(o / across)];
    const row = (v: number) => taps.reduce((sum, tap) => sum + tap.weight * at(x + tap.at, v), 0);
    return taps.reduce((sum, tap) => sum + tap.weight * row(y + tap.at), 0);
  });
}

/** Bilinear between pixel centres, edges repeated. */
export function resized(plane: Plane, from: number, to: number): Float64Array {
  const at = (x: number, y: number) => plane[clamp(y, from) * from + clamp(x, from)] as number;
  return Float64Array.from({ length: to * to }, (_, o) => {
    const [u, v] = [((o % to) + 0.5) * (from / to) - 0.5, (Math.floor(o / to) + 0.5) * (from / to) - 0.5];
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const row = (w: number) => (1 - (u - x)) * at(x, w) + (u - x) * at(x + 1, w);
    return (1 - (v - y)) * row(y) + (v - y) * row(y + 1);
  });
}

/** Bilinear between pixel centres: each pixel lies a quarter from its nearest sample. */
export function doubled(plane: Plane, half: number): Float64Array {
  const size = 2 * half;
  const at = (x: number, y: number) => plane[clamp(y, half) * half + clamp(x, half)] as number;
  return Float64Array.from({ length: size * size }, (_, o) => {
    const [x, y] = [o % size, Math.floor(o / size)];
    const [u, v] = [Math.floor(x / 2), Math.floor(y / 2)];
    const [du, dv] = [x % 2 === 0 ? -1 : 1, y % 2 === 0 ? -1 : 1];
    const near = 0.75 * at(u, v) + 0.25 * at(u + du, v);
    const far = 0.75 * at(u, v + dv) + 0.25 * at(u + du, v + dv);
    return 0.75 * near + 0.25 * far;
  });
}

/** A kernel of 2·radius + 1 weights along rows and columns, edges repeated. */
function filtered(plane: Plane, width: number, height: number, kernel: readonly number[]): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const across = new Float64Array(width * height);
  for (let o = 0; o < across.length; o++) {
    const [x, row] = [o % width, o - (o % width)];
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) {
      sum += (kernel[k] as number) * (plane[row + clamp(x + k - radius, width)] as number);
    }
    across[o] = sum;
  }
  const down = new Float64Array(width * height);
  for (let o = 0; o < down.length; o++) {
    const [x, y] = [o % width, Math.floor(o / width)];
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) {
      sum += (kernel[k] as number) * (across[clamp(y + k - radius, height) * width + x] as number);
    }
    down[o] = sum;
  }
  return down;
}

export function gaussian(plane: Plane, width: number, height: number, sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  return filtered(
    plane,
    width,
    height,
    weights.map((w) => w / total),
  );
}

/** `passes` boxes whose variances add up to sigma². */
export function boxBlur(plane: Plane, size: number, sigma: number, passes: number): Float64Array {
  const radius = Math.max(1, Math.round((Math.sqrt(1 + (12 * sigma * sigma) / passes) - 1) / 2));
  const kernel = new Array<number>(2 * radius + 1).fill(1 / (2 * radius + 1));
  let out = Float64Array.from(plane);
  for (let pass = 0; pass < passes; pass++) out = filtered(out, size, size, kernel) as Float64Array<ArrayBuffer>;
  return out;
}

/** What of a plane a box blur at half its size leaves. */
export function coarse(plane: Plane, size: number, sigma: number): Float64Array {
  return doubled(boxBlur(halved(plane, size), size / 2, sigma, 2), size / 2);
}

/** The element of rank ⌊n / 2⌋. */
export function median(values: Plane): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/** Planes one after another, each made from the same plane of the arguments. */
export function eachPlane(rgb: Plane, make: (plane: Float64Array, k: number) => Float64Array): Float64Array {
  const area = rgb.length / 3;
  const all = Float64Array.from(rgb);
  const made = [0, 1, 2].map((k) => make(all.subarray(k * area, (k + 1) * area), k));
  return Float64Array.from(made.flatMap((plane) => [...plane]));
}
