import { clamp } from '../film/interpolate.ts';
import { type AlignTemplate, alignTemplate } from './align-template.ts';
import { firstOf, information, normalEquations, PLANE, SPACE } from './normal-equations.ts';
import type { PyramidLevel } from './pyramid.ts';
import { MAD_TO_SIGMA, quantile } from './quantile.ts';
import { compose3, invert3, motionAbout, motionSeenFrom, type Similarity3 } from './similarity3.ts';
import { solvePositive } from './solve-positive.ts';

/** The alignment of a picture with another. */
export interface Alignment {
  /** Carries pixels of the first, with their depth, to the second. */
  readonly motion: Similarity3;
  /** Share of the pixels whose difference is that of noise, 0 … 1. */
  readonly agreeing: number;
  /** Standard deviation of the differences, from their median: grain where the pictures are the same, in units of the samples. */
  readonly noise: number;
}

/** Most Gauss–Newton steps. */
const MOST_STEPS = 8;
/** A step that moves the outer pixels by less ends the search, pixels; and one by which it is near enough to ask for a turn. */
const SETTLED = 0.004;
const NEAR = 0.1;
/** Tukey's biweight at 95 % efficiency on Gaussian noise (Beaton and Tukey 1974). */
const TUKEY = 4.685;
/** Differences from which the noise is read; more would not read it better. */
const NOISE_SAMPLES = 1000;
/** Least noise, units of the samples, so that equal pictures still weigh their pixels alike. */
const LEAST_NOISE = 1e-4;
const FEWEST_PIXELS = 64;
/**
 * Half the square of a turn out of the plane over its variance (an F statistic) from which it counts, and counts in full. A talking
 * head's is some thousand. On heads that do not turn it stays below 30 through any grain, and below 110 where they move fast:
 * resampled pixels are not independent.
 */
const TURNS = [100, 300] as const;
/**
 * Greatest turn that is accepted, sine of its angle: heads turn by less from frame to frame, and could not be followed further.
 */
const FASTEST_TURN = 0.3;

/** Pixels that are aligned together. */
export interface AlignedPixels {
  /** Their indices in the first picture. */
  readonly pixels: Int32Array;
  /** Depth of each, pixels; without it, turns out of the plane are not found. */
  readonly depth?: Float32Array;
}

/**
 * The motion by which all of `pixels` together are found best in another picture: inverse compositional Gauss–Newton (Baker and
 * Matthews 2004) with Tukey's biweight, so that an occlusion, or a part that moves otherwise, loses its weight. Every pixel
 * counts by its slope, and so do edges, which following points cannot use: in grain the result is two to three times steadier.
 *
 * The motion is a similarity of the plane. A turn out of the plane is added where depth is given and the differences show it
 * clearly, since two more unknowns make every motion less exact.
 *
 * Start within about two pixels; give it pictures whose local mean is normalised. Null where the pixels have no texture.
 */
export function alignSimilarity(
  from: PyramidLevel,
  to: PyramidLevel,
  { pixels, depth }: AlignedPixels,
  start: Similarity3,
): Alignment | null {
  if (pixels.length < FEWEST_PIXELS) return null;
  const template = alignTemplate(from, pixels, depth);
  const search = searcher(template, to);
  if (!depth) return search(start, PLANE, SETTLED);
  const near = search(start, PLANE, NEAR);
  const flat = () => near && search(near.motion, PLANE, SETTLED);
  const turning = near && search(near.motion, SPACE, Infinity);
  if (!near || !turning || turning.turn < TURNS[0]) return flat();
  const turned = search(near.motion, SPACE, SETTLED, turning.motion);
  const t = turned ? clamp((turned.turn - TURNS[0]) / (TURNS[1] - TURNS[0]), 0, 1) : 0;
  if (!turned || t === 1) return turned ?? flat();
  const level = flat();
  return (
    level && {
      motion: partOf(template.centre, level.motion, turned.motion, t),
      agreeing: turned.agreeing,
      noise: turned.noise,
    }
  );
}

/**
 * A motion between two near each other. Where they are the least of one paraboloid, without and with the turn, what lies between
 * is best for a part of the turn.
 */
function partOf(centre: AlignTemplate['centre'], from: Similarity3, to: Similarity3, t: number): Similarity3 {
  const { growth, roll, yaw, pitch, right, down } = motionSeenFrom(centre, compose3(invert3(from), to));
  const part = { growth: t * growth, roll: t * roll, yaw: t * yaw, pitch: t * pitch, right: t * right, down: t * down };
  return compose3(from, motionAbout({ centre, ...part }));
}

/** The end of a search. `turn`: half the squared turn since its start over its variance; 0 where no turn was searched. */
interface Found extends Alignment {
  readonly turn: number;
}

/** Gauss–Newton steps from a start in the first `unknowns` of the slopes, until one moves the outer pixels by less than `smoothed`. */
function searcher(template: AlignTemplate, to: PyramidLevel) {
  const count = template.x.length;
  const difference = new Float32Array(count);
  const weight = new Float32Array(count);
  const stride = Math.ceil(count / NOISE_SAMPLES);
  const some = new Float32Array(Math.floor((count - 1) / stride) + 1);
  return (start: Similarity3, unknowns: number, settled: number, from = start): Found | null => {
    let motion = from;
    let agreeing = 0;
    let noise = LEAST_NOISE;
    let normal: Float64Array = new Float64Array(SPACE * SPACE);
    for (let step = 0; step < MOST_STEPS; step++) {
      differences(template, to, motion, difference);
      for (let i = 0, k = 0; i < count; i += stride) some[k++] = Math.abs(difference[i]);
      noise = MAD_TO_SIGMA * Math.max(LEAST_NOISE, quantile(some, 0.5));
      agreeing = biweights(difference, TUKEY * noise, weight);
      const summed = normalEquations(template.slopes, weight, difference);
      normal = summed.normal;
      const found = solvePositive(firstOf(normal, unknowns), summed.right.subarray(0, unknowns));
      if (!found) return null;
      motion = after(motion, template, found);
      if (lengthOf(found) < settled) break;
    }
    if (unknowns < SPACE) return { motion, agreeing, noise, turn: 0 };
    const { yaw, pitch } = motionSeenFrom(template.centre, compose3(invert3(start), motion));
    if (Math.hypot(yaw, pitch) > FASTEST_TURN) return null;
    const turn = information(normal, [yaw * template.relief, pitch * template.relief]) / (2 * noise * noise);
    return { motion, agreeing, noise, turn };
  };
}

/** `to` where the motion carries each pixel, less the pixel; infinite beyond the picture. */
function differences(template: AlignTemplate, to: PyramidLevel, { m, t }: Similarity3, out: Float32Array): void {
  const { x, y, z, value } = template;
  const { width, height, samples } = to;
  const [a, b, c, d, e, f] = m;
  for (let i = 0; i < out.length; i++) {
    const u = a * x[i] + b * y[i] + c * z[i] + t[0] - 0.5;
    const v = d * x[i] + e * y[i] + f * z[i] + t[1] - 0.5;
    if (!(u >= 0 && v >= 0 && u < width - 1 && v < height - 1)) {
      out[i] = Infinity;
      continue;
    }
    const left = u | 0;
    const top = v | 0;
    const fx = u - left;
    const p = top * width + left;
    const above = samples[p] + fx * (samples[p + 1] - samples[p]);
    const below = samples[p + width] + fx * (samples[p + width + 1] - samples[p + width]);
    out[i] = above + (v - top) * (below - above) - value[i];
  }
}

/** Tukey's weights, 0 beyond `reach`, where the difference becomes 0 too; returns the share that is within. */
function biweights(difference: Float32Array, reach: number, weight: Float32Array): number {
  let kept = 0;
  for (let i = 0; i < difference.length; i++) {
    const t = difference[i] / reach;
    const isWithin = t < 1 && t > -1;
    if (isWithin) kept += 1;
    else difference[i] = 0;
    weight[i] = isWithin ? (1 - t * t) * (1 - t * t) : 0;
  }
  return kept / difference.length;
}

/** Motion of the outer pixels by a step, pixels. */
function lengthOf([growth = 0, roll = 0, right = 0, down = 0, yaw = 0, pitch = 0]: Float64Array): number {
  return 2 * Math.hypot(growth, roll) + Math.hypot(right, down) + Math.hypot(yaw, pitch);
}

/** The motion once the template has made a step: the step is undone before the motion (Baker and Matthews 2004, eq. 16). */
function after(motion: Similarity3, { centre, radius, relief }: AlignTemplate, step: Float64Array): Similarity3 {
  const [growth = 0, roll = 0, right = 0, down = 0, yaw = 0, pitch = 0] = step;
  const within = (turn: number) => Math.min(FASTEST_TURN, Math.max(-FASTEST_TURN, turn / relief));
  const about = { centre, growth: growth / radius, roll: roll / radius, right, down };
  return compose3(motion, invert3(motionAbout({ ...about, yaw: within(yaw), pitch: within(pitch) })));
}
