import { coarserLattice, type FlowLattice, smoothByTrust, stillLattice } from './flow-lattice.ts';
import { CLOSE, MOST_STEPS, SEARCH_SIDE, SEARCH_STEP, searchedLevel, searchPlace } from './flow-search.ts';
import type { Pyramid, PyramidLevel } from './pyramid.ts';

export const FLOW_STEP = SEARCH_STEP;
const SIDE = SEARCH_SIDE;
const AREA = SIDE * SIDE;
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

export interface TemplateLevel {
  readonly level: PyramidLevel;
  /** Trust is what a node's texture deserves; 0 where it is not searched. */
  readonly lattice: FlowLattice;
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
  const inverse = new Float32Array(3 * columns * rows);
  const slopes = new Float32Array(2 * columns * rows);
  const damping = Math.max(1e-7, AREA * noise * noise);
  for (let j = 0, n = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++, n++) {
      const x = searchPlace(i, width);
      const y = searchPlace(j, height);
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
      inverse[3 * n] = c / determinant;
      inverse[3 * n + 1] = -xy / determinant;
      inverse[3 * n + 2] = a / determinant;
      slopes[2 * n] = sx;
      slopes[2 * n + 1] = sy;
      const texture = Math.max(0, least - SLOPE_NOISE * damping);
      trust[n] = texture / (texture + 2 * damping);
    }
  }
  return { level, lattice, inverse, slopes };
}

export interface DenseFlowOptions {
  /** Where the content is expected, on a lattice of `FLOW_STEP` pixels over level 0; absent: in the same place. */
  readonly start?: FlowLattice;
  /** Greatest displacement from `start`, pixels of level 0. */
  readonly bound?: number;
  /** Standard deviation of the Gaussian over the displacement left by `start`, pixels of level 0. */
  readonly smoothing?: number;
  /** What carries a level's search out; default: its loop in TypeScript. */
  readonly search?: LevelSearcher;
}

/**
 * Where each part of the template is found in another picture of the same size: inverse search over patches of 8 × 8 pixels, from
 * the coarsest level to the finest (DIS, Kroeger, Timofte, Dai and Van Gool 2016), the patches' means taken out and differences
 * beyond the noise bounded. In place of its variational part the displacement on the patches' lattice is smoothed by trust at every
 * level: where nothing has texture the coarser level, and in the end `start`, stands.
 */
export function denseFlow(template: SearchTemplate, target: Pyramid, options: DenseFlowOptions = {}): FlowLattice {
  const { bound = 16, smoothing = FLOW_STEP, search = searchPlainly } = options;
  const top = Math.min(template.levels.length, target.levels.length) - 1;
  const starts = options.start ? startsOf(options.start, top + 1) : [];
  let rest: FlowLattice | undefined;
  for (let k = top; k >= 0; k--) {
    const level = template.levels[k];
    const scale = 2 ** k;
    const noise = template.noise * NOISE_LEFT ** k;
    const guess = enlargedTo(level.lattice, rest);
    const moved = search(level, target.levels[k], {
      start: starts[k] ?? guess,
      guess,
      scale: starts[k] ? scale : Infinity,
      limit: HUBER * Math.max(noise, 1e-4),
      perError: 1 / (2 * noise * noise + 1e-8),
    });
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

/** Where a level's search begins, and what it goes by. */
export interface LevelSearch {
  readonly start: FlowLattice;
  readonly guess: FlowLattice;
  /** Start's pixels a level pixel; infinite: it does not count. */
  readonly scale: number;
  /** Differences count in full up to `limit`; a mean square of twice 1 / `perError` halves trust. */
  readonly limit: number;
  readonly perError: number;
}

/** The change of each patch's displacement beyond `start + guess`, level pixels, and its trust. */
export type LevelSearcher = (template: TemplateLevel, target: PyramidLevel, search: LevelSearch) => FlowLattice;

const searchPlainly: LevelSearcher = ({ level, lattice, inverse, slopes }, { samples }, search) => {
  const { columns, rows, trust } = lattice;
  const { start, guess, scale, limit, perError } = search;
  const found = { xy: new Float32Array(2 * columns * rows), trust: new Float32Array(columns * rows) };
  const { samples: own, dx, dy, width, height } = level;
  searchedLevel(
    own,
    dx,
    dy,
    samples,
    width,
    height,
    inverse,
    slopes,
    trust,
    guess.xy,
    start.xy,
    scale,
    columns,
    rows,
    limit,
    perError,
    found.xy,
    found.trust,
  );
  return { ...lattice, ...found };
};

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
      const nodes = coarse.xy;
      const a = 2 * (top * coarse.columns + left);
      const b = 2 * (top * coarse.columns + right);
      const c = 2 * (below * coarse.columns + left);
      const d = 2 * (below * coarse.columns + right);
      for (let k = 0; k < 2; k++) {
        const upper = nodes[a + k] + fu * (nodes[b + k] - nodes[a + k]);
        const lower = nodes[c + k] + fu * (nodes[d + k] - nodes[c + k]);
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
  const xy = new Float32Array(rest.xy.length);
  for (let i = 0; i < xy.length; i++) xy[i] = rest.xy[i] + start.xy[i];
  return { ...rest, xy };
}

/** True where any pixel of a square, cut off at the picture's edge, is above 0; every second one is tested. */
function touches(where: Float32Array, width: number, x: number, y: number, side: number): boolean {
  const height = where.length / width;
  for (let j = y; j < Math.min(height, y + side); j += 2) {
    for (let i = x; i < Math.min(width, x + side); i += 2) if (where[j * width + i] > 0) return true;
  }
  return false;
}
