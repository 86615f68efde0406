import type { PyramidLevel } from './pyramid.ts';
import { quantile } from './quantile.ts';

/** A turn, a growth and a shift: `x' = a·x − b·y + tx`, `y' = b·x + a·y + ty`. */
interface Motion {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** Where a picture was found in another. */
export interface Alignment {
  /** Carries pixels of the first to the second. */
  readonly motion: Motion;
  /** Share of the pixels whose difference is that of noise, 0 … 1. */
  readonly agreeing: number;
}

const MOST_STEPS = 8;
/** A step that moves the outer pixels by less ends the search, pixels. */
const SETTLED = 0.004;
/** Tukey's biweight at 95 % efficiency on Gaussian noise (Beaton and Tukey 1974). */
const TUKEY = 4.685;
/** Makes a median absolute deviation the standard deviation of Gaussian noise. */
const MAD_TO_SIGMA = 1.4826;
/** Differences from which the noise is read; more would not tell it better. */
const NOISE_SAMPLES = 1000;
const LEAST_NOISE = 1e-4;
const FEWEST_PIXELS = 64;

/**
 * The similarity by which all of `pixels` together are found best in another picture: inverse compositional Gauss–Newton (Baker
 * and Matthews 2004) with Tukey's biweight, so that what covers a part, or moves otherwise, loses its say. Every pixel counts by
 * its slope, edges along their normal too, which following points cannot use: through grain it is two to three times steadier.
 *
 * Start within about two pixels; give it pictures whose local mean is normalised. Null where the pixels hold on to nothing.
 *
 * @param pixels indices of `from`
 */
export function alignSimilarity(
  from: PyramidLevel,
  to: PyramidLevel,
  pixels: Int32Array,
  start: Motion,
): Alignment | null {
  const count = pixels.length;
  if (count < FEWEST_PIXELS) return null;
  const template = templateOf(from, pixels);
  const difference = new Float32Array(count);
  const stride = Math.ceil(count / NOISE_SAMPLES);
  const some = new Float32Array(Math.floor((count - 1) / stride) + 1);
  let motion = start;
  let agreeing = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    differences(template, to, motion, difference);
    for (let i = 0, k = 0; i < count; i += stride) some[k++] = Math.abs(difference[i] as number);
    const reach = TUKEY * MAD_TO_SIGMA * Math.max(LEAST_NOISE, quantile(some, 0.5));
    const found = bestStep(template, difference, reach);
    if (!found) return null;
    agreeing = found.agreeing;
    motion = after(motion, template, found.step);
    const [growth, turn, right, down] = found.step;
    if (2 * Math.hypot(growth, turn) + Math.hypot(right, down) < SETTLED) break;
  }
  return { motion, agreeing };
}

/** What inverse search computes once: of each pixel its place, its value, and how a growth, a turn and shifts would change it. */
interface Template {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly value: Float32Array;
  readonly growth: Float32Array;
  readonly turn: Float32Array;
  readonly right: Float32Array;
  readonly down: Float32Array;
  /** Middle of the pixels, and their root mean square distance from it, which is the unit of growth and turn. */
  readonly middleX: number;
  readonly middleY: number;
  readonly radius: number;
}

function templateOf({ width, samples, dx, dy }: PyramidLevel, pixels: Int32Array): Template {
  const part = () => new Float32Array(pixels.length);
  const [x, y, value, growth, turn, right, down] = [part(), part(), part(), part(), part(), part(), part()];
  let middleX = 0;
  let middleY = 0;
  for (let i = 0; i < pixels.length; i++) {
    const p = pixels[i] as number;
    const row = Math.floor(p / width);
    x[i] = p - row * width + 0.5;
    y[i] = row + 0.5;
    middleX += x[i] as number;
    middleY += y[i] as number;
    value[i] = samples[p] as number;
    right[i] = dx[p] as number;
    down[i] = dy[p] as number;
  }
  middleX /= pixels.length;
  middleY /= pixels.length;
  let squares = 0;
  for (let i = 0; i < pixels.length; i++) {
    squares += ((x[i] as number) - middleX) ** 2 + ((y[i] as number) - middleY) ** 2;
  }
  const radius = Math.sqrt(squares / pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const u = ((x[i] as number) - middleX) / radius;
    const v = ((y[i] as number) - middleY) / radius;
    growth[i] = (right[i] as number) * u + (down[i] as number) * v;
    turn[i] = (down[i] as number) * u - (right[i] as number) * v;
  }
  return { x, y, value, growth, turn, right, down, middleX, middleY, radius };
}

/** `to` where the motion carries each pixel, less the pixel; infinite beyond the picture. */
function differences(template: Template, to: PyramidLevel, { a, b, tx, ty }: Motion, out: Float32Array): void {
  const { x, y, value } = template;
  const { width, height, samples } = to;
  for (let i = 0; i < out.length; i++) {
    const u = a * (x[i] as number) - b * (y[i] as number) + tx - 0.5;
    const v = b * (x[i] as number) + a * (y[i] as number) + ty - 0.5;
    if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) {
      out[i] = Infinity;
      continue;
    }
    const left = u | 0;
    const top = v | 0;
    const fx = u - left;
    const p = top * width + left;
    const above = (samples[p] as number) + fx * ((samples[p + 1] as number) - (samples[p] as number));
    const below =
      (samples[p + width] as number) + fx * ((samples[p + width + 1] as number) - (samples[p + width] as number));
    out[i] = above + (v - top) * (below - above) - (value[i] as number);
  }
}

type Step = readonly [number, number, number, number];

/** Growth, turn and shifts of the template that explain the differences best, those beyond `reach` left out. */
function bestStep(
  template: Template,
  difference: Float32Array,
  reach: number,
): { step: Step; agreeing: number } | null {
  const { growth, turn, right, down } = template;
  let [aa, ab, ac, ad, bb, bc, bd, cc, cd, dd] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [pa, pb, pc, pd] = [0, 0, 0, 0];
  let kept = 0;
  for (let i = 0; i < difference.length; i++) {
    const t = (difference[i] as number) / reach;
    if (!(t < 1 && t > -1)) continue;
    kept += 1;
    const weight = (1 - t * t) * (1 - t * t);
    const e = weight * (difference[i] as number);
    const a = growth[i] as number;
    const b = turn[i] as number;
    const c = right[i] as number;
    const d = down[i] as number;
    aa += weight * a * a;
    ab += weight * a * b;
    ac += weight * a * c;
    ad += weight * a * d;
    bb += weight * b * b;
    bc += weight * b * c;
    bd += weight * b * d;
    cc += weight * c * c;
    cd += weight * c * d;
    dd += weight * d * d;
    pa += e * a;
    pb += e * b;
    pc += e * c;
    pd += e * d;
  }
  const step = solve([aa, ab, ac, ad, bb, bc, bd, cc, cd, dd], [pa, pb, pc, pd]);
  return step ? { step, agreeing: kept / difference.length } : null;
}

/** The motion once the template has made a step: the step is undone before the motion (Baker and Matthews 2004, eq. 16). */
function after(motion: Motion, { middleX, middleY, radius }: Template, [growth, turn, right, down]: Step): Motion {
  const a = 1 + growth / radius;
  const b = turn / radius;
  const tx = right + middleX - a * middleX + b * middleY;
  const ty = down + middleY - b * middleX - a * middleY;
  const square = a * a + b * b;
  const [c, d] = [a / square, -b / square];
  const [ux, uy] = [-(c * tx - d * ty), -(d * tx + c * ty)];
  return {
    a: motion.a * c - motion.b * d,
    b: motion.b * c + motion.a * d,
    tx: motion.a * ux - motion.b * uy + motion.tx,
    ty: motion.b * ux + motion.a * uy + motion.ty,
  };
}

/** Where the rows of an upper triangle of four rows begin, less the row's number. */
const ROWS = [0, 3, 5, 6] as const;
/** Least squared slope, summed over the pixels, that a motion must change: below it nothing holds. */
const SINGULAR = 1e-6;

/** Solves a symmetric system of four, given by its upper triangle, by Cholesky's method; null where it is singular. */
function solve(upper: readonly number[], right: readonly number[]): Step | null {
  const lower = new Float64Array(16);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = upper[(ROWS[j] as number) + i] as number;
      for (let k = 0; k < j; k++) sum -= (lower[4 * i + k] as number) * (lower[4 * j + k] as number);
      if (i === j && !(sum > SINGULAR)) return null;
      lower[4 * i + j] = i === j ? Math.sqrt(sum) : sum / (lower[5 * j] as number);
    }
  }
  const out: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < 4; i++) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[4 * i + k] as number) * (out[k] as number);
    out[i] = sum / (lower[5 * i] as number);
  }
  for (let i = 3; i >= 0; i--) {
    let sum = out[i] as number;
    for (let k = i + 1; k < 4; k++) sum -= (lower[4 * k + i] as number) * (out[k] as number);
    out[i] = sum / (lower[5 * i] as number);
  }
  return out;
}
