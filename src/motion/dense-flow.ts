import { clamp } from '../film/interpolate.ts';
import { coarserLattice, type FlowLattice, smoothByTrust, stillLattice } from './flow-lattice.ts';
import type { Pyramid, PyramidLevel } from './pyramid.ts';

/** Side of a patch and distance between patches, pixels of a level (Kroeger 2016, §2.1, with half overlap). */
const SIDE = 8;
export const FLOW_STEP = 4;
const AREA = SIDE * SIDE;
/** Steps of the search on a patch; it ends earlier where a step is below `CLOSE` pixels. */
const MOST_STEPS = 6;
const CLOSE = 0.03;
/** Differences count in full up to this many deviations of the noise, and no more beyond (Huber 1964). */
const HUBER = 3;
/** Trust that smoothing gives to "no displacement". */
const PRIOR = 0.05;
/** What a halving leaves of the deviation of film grain, which is wider than a pixel (white noise: 0.31). */
const NOISE_LEFT = 0.45;
/** Share of the noise's variance in the variance of its slopes (Scharr's taps: 0.23), and how far chance may double it. */
const SLOPE_NOISE = 0.5;

/** What `denseFlow` goes by, for whoever computes it elsewhere. */
export const DENSE_FLOW = { SIDE, MOST_STEPS, CLOSE, HUBER, PRIOR, NOISE_LEFT, SLOPE_NOISE } as const;

export interface FlowTemplateOptions {
  /** Standard deviation of the pictures' noise, units of their samples: patches with no more slope than noise has are dropped. */
  readonly noise?: number;
  /** `Float32Array`, one a pixel of level 0: only patches that touch a value above 0 are searched. */
  readonly where?: Float32Array;
}

/** A picture prepared for the search in others: all that inverse search computes once. */
export interface SearchTemplate {
  readonly pyramid: Pyramid;
  readonly noise: number;
  readonly levels: readonly TemplateLevel[];
}

interface TemplateLevel {
  readonly level: PyramidLevel;
  readonly lattice: FlowLattice;
  /** Top-left pixel of each node's patch; −1 where it is not searched. */
  readonly origin: Int32Array;
  /** Inverse of the damped normal matrix (a b; b c), three a node, and the sums of the slopes, two a node. */
  readonly inverse: Float32Array;
  readonly slopes: Float32Array;
}

/** Prepares every level of a pyramid for `denseFlow`. */
export function flowTemplate(pyramid: Pyramid, { noise = 1 / 255, where }: FlowTemplateOptions = {}): SearchTemplate {
  const [base] = pyramid.levels;
  if (!base) throw new TypeError('A pyramid has at least one level.');
  return {
    pyramid,
    noise,
    levels: pyramid.levels.map((level, k) =>
      templateLevel(level, k, noise * NOISE_LEFT ** k, where && { where, width: base.width }),
    ),
  };
}

function templateLevel(
  level: PyramidLevel,
  k: number,
  noise: number,
  wanted: { readonly where: Float32Array; readonly width: number } | undefined,
): TemplateLevel {
  const { width, height, dx, dy } = level;
  const lattice = stillLattice(width, height, FLOW_STEP);
  const { columns, rows, trust } = lattice;
  const origin = new Int32Array(columns * rows).fill(-1);
  const inverse = new Float32Array(3 * columns * rows);
  const slopes = new Float32Array(2 * columns * rows);
  const damping = Math.max(1e-7, AREA * noise * noise);
  for (let j = 0, n = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++, n++) {
      const x = clamp(i * FLOW_STEP + FLOW_STEP / 2 - SIDE / 2, 0, width - SIDE);
      const y = clamp(j * FLOW_STEP + FLOW_STEP / 2 - SIDE / 2, 0, height - SIDE);
      if (wanted && !touches(wanted.where, wanted.width, x << k, y << k, SIDE << k)) continue;
      let xx = 0;
      let xy = 0;
      let yy = 0;
      let sx = 0;
      let sy = 0;
      for (let v = 0; v < SIDE; v++) {
        for (let p = (y + v) * width + x, end = p + SIDE; p < end; p++) {
          const gx = dx[p];
          const gy = dy[p];
          xx += gx * gx;
          xy += gx * gy;
          yy += gy * gy;
          sx += gx;
          sy += gy;
        }
      }
      // A patch may be brighter or darker as a whole: its mean is taken out.
      xx -= (sx * sx) / AREA;
      xy -= (sx * sy) / AREA;
      yy -= (sy * sy) / AREA;
      const half = (xx + yy) / 2;
      const least = half - Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy);
      const a = xx + damping;
      const c = yy + damping;
      const determinant = a * c - xy * xy;
      origin[n] = y * width + x;
      inverse[3 * n] = c / determinant;
      inverse[3 * n + 1] = -xy / determinant;
      inverse[3 * n + 2] = a / determinant;
      slopes[2 * n] = sx;
      slopes[2 * n + 1] = sy;
      const texture = Math.max(0, least - SLOPE_NOISE * damping);
      trust[n] = texture / (texture + 2 * damping);
    }
  }
  return { level, lattice, origin, inverse, slopes };
}

export interface DenseFlowOptions {
  /** Where the content is expected, on a lattice of `FLOW_STEP` pixels over level 0; absent: in the same place. */
  readonly start?: FlowLattice;
  /** Greatest displacement from `start`, pixels of level 0. */
  readonly bound?: number;
  /** Standard deviation of the Gaussian over the displacement left by `start`, pixels of level 0. */
  readonly smoothing?: number;
}

/**
 * Where each part of the template is found in another picture of the same size: inverse search over patches of 8 × 8 pixels, from
 * the coarsest level to the finest (DIS, Kroeger, Timofte, Dai and Van Gool 2016), the patches' means taken out and differences
 * beyond the noise bounded. In place of its variational part the displacement on the patches' lattice is smoothed by trust at every
 * level: where nothing has texture the coarser level, and in the end `start`, stands.
 */
export function denseFlow(template: SearchTemplate, target: Pyramid, options: DenseFlowOptions = {}): FlowLattice {
  const { bound = 16, smoothing = FLOW_STEP } = options;
  const top = Math.min(template.levels.length, target.levels.length) - 1;
  const starts = options.start ? startsOf(options.start, top + 1) : [];
  let rest: FlowLattice | undefined;
  for (let k = top; k >= 0; k--) {
    const level = template.levels[k];
    const scale = 2 ** k;
    const noise = template.noise * NOISE_LEFT ** k;
    const guess = enlargedTo(level.lattice, rest);
    const moved = search(level, target.levels[k], { start: starts[k], guess, scale }, noise);
    const sigma = smoothingSigma(smoothing, scale);
    rest = withChange(guess, smoothByTrust(moved, sigma, PRIOR), bound / scale);
  }
  return scaledSum(rest as FlowLattice, options.start);
}

/** A start on the lattice of each of `count` levels, pixels of level 0. */
export function startsOf(start: FlowLattice, count: number): readonly FlowLattice[] {
  const starts = [start];
  for (let k = 1; k < count; k++) starts.push(coarserLattice(starts[k - 1]));
  return starts;
}

/** The Gaussian over a level's lattice, nodes; `scale` is pixels of level 0 per level pixel. */
export function smoothingSigma(smoothing: number, scale: number): number {
  return Math.max(0.6, smoothing / (FLOW_STEP * scale));
}

/** Where a level's search begins; `scale` is pixels of level 0 per level pixel. */
interface SearchStart {
  readonly start: FlowLattice | undefined;
  readonly guess: FlowLattice;
  readonly scale: number;
}

/** The change of each patch's displacement beyond `start + guess`, level pixels, and its trust. */
function search(
  { level, lattice, origin, inverse, slopes }: TemplateLevel,
  target: PyramidLevel,
  { start, guess, scale }: SearchStart,
  noise: number,
): FlowLattice {
  const { columns, rows } = lattice;
  const { width, height, samples: from } = level;
  const to = target.samples;
  const limit = HUBER * Math.max(noise, 1e-4);
  const xy = new Float32Array(2 * columns * rows);
  const trust = new Float32Array(columns * rows);
  for (let n = 0; n < origin.length; n++) {
    const first = origin[n];
    const sure = lattice.trust[n];
    if (first < 0 || sure < 0.01) continue;
    const x0 = first % width;
    const y0 = (first - x0) / width;
    const u0 = guess.xy[2 * n] + (start ? start.xy[2 * n] / scale : 0);
    const v0 = guess.xy[2 * n + 1] + (start ? start.xy[2 * n + 1] / scale : 0);
    const a = inverse[3 * n];
    const b = inverse[3 * n + 1];
    const c = inverse[3 * n + 2];
    const meanX = slopes[2 * n] / AREA;
    const meanY = slopes[2 * n + 1] / AREA;
    let u = u0;
    let v = v0;
    let mean = Number.NaN;
    let error = Infinity;
    for (let step = 0; step <= MOST_STEPS; step++) {
      const x = x0 + u;
      const y = y0 + v;
      const ix = Math.floor(x);
      const iy = Math.floor(y);
      if (!(ix >= 0 && iy >= 0 && ix + SIDE < width && iy + SIDE < height)) {
        error = Infinity;
        break;
      }
      const fx = x - ix;
      const fy = y - iy;
      const w11 = fx * fy;
      const w10 = fy - w11;
      const w01 = fx - w11;
      const w00 = 1 - fx - w10;
      let sum = 0;
      let sumX = 0;
      let sumY = 0;
      let squares = 0;
      // In the first step the difference of brightness is not known, and no difference is bounded.
      const isFirst = step === 0;
      for (let row = 0; row < SIDE; row++) {
        let p = (y0 + row) * width + x0;
        let q = (iy + row) * width + ix;
        let upper = to[q];
        let lower = to[q + width];
        for (let i = 0; i < SIDE; i++, p++) {
          q++;
          const nextUpper = to[q];
          const nextLower = to[q + width];
          let d = w00 * upper + w01 * nextUpper + w10 * lower + w11 * nextLower - from[p];
          upper = nextUpper;
          lower = nextLower;
          if (!isFirst) {
            d -= mean;
            if (d > limit) d = limit;
            else if (d < -limit) d = -limit;
            squares += d * d;
          }
          sum += d;
          sumX += d * level.dx[p];
          sumY += d * level.dy[p];
        }
      }
      const rest = sum / AREA;
      mean = isFirst ? rest : mean + rest;
      if (!isFirst) error = squares / AREA;
      if (step === MOST_STEPS) break;
      const bx = sumX - rest * meanX * AREA;
      const by = sumY - rest * meanY * AREA;
      const du = a * bx + b * by;
      const dv = b * bx + c * by;
      u -= du;
      v -= dv;
      if (!isFirst && du * du + dv * dv < CLOSE * CLOSE) break;
    }
    const du = u - u0;
    const dv = v - v0;
    // A patch that moved farther than its own side is dropped.
    if (!(error < Infinity) || du * du + dv * dv > AREA) continue;
    xy[2 * n] = du;
    xy[2 * n + 1] = dv;
    // Trust is halved where the mean squared difference is twice that of the noise of two pictures.
    trust[n] = sure / (1 + (error / (2 * noise * noise + 1e-8)) ** 2 / 4);
  }
  return { ...lattice, xy, trust };
}

/** `rest` on the next finer lattice, or rest itself where there is none yet. */
function enlargedTo(lattice: FlowLattice, coarse: FlowLattice | undefined): FlowLattice {
  const { columns, rows } = lattice;
  const xy = new Float32Array(2 * columns * rows);
  if (!coarse) return { ...lattice, xy, trust: new Float32Array(columns * rows) };
  for (let j = 0, n = 0; j < rows; j++) {
    const v = Math.min(coarse.rows - 1, Math.max(0, j / 2 - 0.25));
    const top = Math.floor(v);
    const fv = v - top;
    const below = Math.min(coarse.rows - 1, top + 1);
    for (let i = 0; i < columns; i++, n++) {
      const u = Math.min(coarse.columns - 1, Math.max(0, i / 2 - 0.25));
      const left = Math.floor(u);
      const fu = u - left;
      const right = Math.min(coarse.columns - 1, left + 1);
      for (let k = 0; k < 2; k++) {
        const at = (row: number, column: number) => coarse.xy[2 * (row * coarse.columns + column) + k];
        const upper = at(top, left) + fu * (at(top, right) - at(top, left));
        const lower = at(below, left) + fu * (at(below, right) - at(below, left));
        xy[2 * n + k] = 2 * (upper + fv * (lower - upper));
      }
    }
  }
  return { ...lattice, xy, trust: new Float32Array(columns * rows) };
}

/** The guess and its change, no longer than `bound` level pixels. */
function withChange(guess: FlowLattice, change: FlowLattice, bound: number): FlowLattice {
  const xy = new Float32Array(guess.xy.length);
  for (let n = 0; n < xy.length; n += 2) {
    const x = guess.xy[n] + change.xy[n];
    const y = guess.xy[n + 1] + change.xy[n + 1];
    const length = Math.sqrt(x * x + y * y);
    const keep = length > bound ? bound / length : 1;
    xy[n] = keep * x;
    xy[n + 1] = keep * y;
  }
  return { ...change, xy };
}

function scaledSum(rest: FlowLattice, start: FlowLattice | undefined): FlowLattice {
  if (!start) return rest;
  return { ...rest, xy: rest.xy.map((v, i) => v + start.xy[i]) };
}

/** True where any pixel of a square, cut off at the picture's edge, is above 0; every second one is tested. */
function touches(where: Float32Array, width: number, x: number, y: number, side: number): boolean {
  const height = where.length / width;
  for (let j = y; j < Math.min(height, y + side); j += 2) {
    for (let i = x; i < Math.min(width, x + side); i += 2) if (where[j * width + i] > 0) return true;
  }
  return false;
}
