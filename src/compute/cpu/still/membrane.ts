import { fill } from './fill.ts';

/** The unknown pixels of one multigrid level, as indices, by the parity of x + y. */
interface Level {
  readonly size: number;
  readonly red: Int32Array;
  readonly black: Int32Array;
}

/** Where a membrane is spanned: kept and used again while the matte stays the same in face space. */
export interface MembraneGrid {
  /** Side of the square grid. */
  readonly size: number;
  /** 1 where the membrane is unknown: `Uint8Array` of size². */
  readonly inside: Uint8Array;
  /** 1 where a known pixel touches an unknown one: the values that decide the membrane. */
  readonly contour: Uint8Array;
  /** Finest first. */
  readonly levels: readonly Level[];
}

/** V-cycles; with a push-pull guess three leave less than ½ of an 8-bit level (RMS) on film-like boundaries (see the test). */
export const CYCLES = 3;
export const SWEEPS = 2;
/** Sweeps on the coarsest level, which has a handful of unknowns. */
export const COARSEST_SWEEPS = 16;
export const COARSEST_SIZE = 8;

/** `inside` is 1 at unknown pixels; those on the grid's outermost ring are taken as known. */
export function membraneGrid(inside: Uint8Array, size: number): MembraneGrid {
  const unknown = inside.map((v, i) => {
    const x = i % size;
    const y = Math.floor(i / size);
    return v && x > 0 && y > 0 && x < size - 1 && y < size - 1 ? 1 : 0;
  });
  const contour = unknown.map((v, i) => {
    if (v) return 0;
    const x = i % size;
    const touches =
      (x > 0 && unknown[i - 1]) || (x < size - 1 && unknown[i + 1]) || unknown[i - size] || unknown[i + size];
    return touches ? 1 : 0;
  });
  const levels: Level[] = [];
  for (let mask = unknown, side = size; ; ) {
    levels.push(levelOf(mask, side));
    const half = side >> 1;
    if (half < COARSEST_SIZE) break;
    mask = Uint8Array.from(
      { length: half * half },
      (_, i) => mask[2 * Math.floor(i / half) * side + 2 * (i % half)] ?? 0,
    );
    side = half;
    // Coarse pixels lie on every second fine one; the last column has no neighbour beyond it and stays known.
    for (let i = 0; i < half; i++) {
      mask[i] = 0;
      mask[i * half] = 0;
      mask[(half - 1) * half + i] = 0;
      mask[i * half + half - 1] = 0;
    }
  }
  return { size, inside: unknown, contour, levels };
}

function levelOf(mask: Uint8Array, size: number): Level {
  const red: number[] = [];
  const black: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) (((i % size) + Math.floor(i / size)) % 2 === 0 ? red : black).push(i);
  }
  return { size, red: Int32Array.from(red), black: Int32Array.from(black) };
}

/**
 * The membrane over the grid: inside, the solution of Laplace's equation with the contour's values (Pérez, Gangnet and Blake 2003,
 * eq. 4, for the difference of two pictures); outside, a smooth continuation.
 *
 * `values` is planar with one or more planes of size², read on the contour only. Fixed cost: a push-pull guess, then V(2,2)
 * cycles of red-black Gauss-Seidel (Briggs, Henson and McCormick 2000, ch. 3). The count of cycles never depends on the
 * residual, because a count that changes from frame to frame flickers.
 */
export function solveMembrane(grid: MembraneGrid, values: Float32Array): Float32Array {
  const { size, levels } = grid;
  const out = fill(values, grid.contour, size);
  const count = size * size;
  const error: Float32Array[] = levels.map((level) => new Float32Array(level.size ** 2));
  const source = levels.map((level) => new Float32Array(level.size ** 2));
  for (let k = 0; k * count < out.length; k++) {
    error[0] = out.subarray(k * count, (k + 1) * count);
    for (let cycle = 0; cycle < CYCLES; cycle++) descend(levels, error, source, 0);
  }
  return out;
}

/** One V-cycle from level `l` down and back. */
function descend(
  levels: readonly Level[],
  error: readonly Float32Array[],
  source: readonly Float32Array[],
  l: number,
): void {
  const level = levels[l];
  const u = error[l];
  const f = source[l];
  if (l === levels.length - 1) {
    relax(level, u, f, COARSEST_SWEEPS);
    return;
  }
  relax(level, u, f, SWEEPS);
  const coarser = levels[l + 1];
  const correction = error[l + 1];
  restrict(level, { u, f }, coarser, source[l + 1]);
  correction.fill(0);
  descend(levels, error, source, l + 1);
  prolong(level, u, coarser, correction);
  relax(level, u, f, SWEEPS);
}

/** Red-black Gauss-Seidel on 4u − Σ neighbours = f. */
function relax({ size, red, black }: Level, u: Float32Array, f: Float32Array, sweeps: number): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    sweepOver(red, size, u, f);
    sweepOver(black, size, u, f);
  }
}

function sweepOver(pixels: Int32Array, size: number, u: Float32Array, f: Float32Array): void {
  for (let n = 0; n < pixels.length; n++) {
    const i = pixels[n];
    u[i] = 0.25 * (f[i] + u[i - 1] + u[i + 1] + u[i - size] + u[i + size]);
  }
}

/** The residual, fully weighted onto the coarser level; its spacing is doubled, so the source is four times as strong. */
function restrict(
  level: Level,
  { u, f }: { readonly u: Float32Array; readonly f: Float32Array },
  coarser: Level,
  to: Float32Array,
): void {
  const { size } = level;
  const residual = new Float32Array(u.length);
  // After a sweep over black pixels their residual is 0.
  for (let n = 0; n < level.red.length; n++) {
    const i = level.red[n];
    residual[i] = f[i] - 4 * u[i] + u[i - 1] + u[i + 1] + u[i - size] + u[i + size];
  }
  for (const pixels of [coarser.red, coarser.black]) {
    for (let n = 0; n < pixels.length; n++) {
      const c = pixels[n];
      const i = 2 * Math.floor(c / coarser.size) * size + 2 * (c % coarser.size);
      const corners = residual[i - size - 1] + residual[i - size + 1] + residual[i + size - 1] + residual[i + size + 1];
      // The four direct neighbours are black.
      to[c] = 4 * (0.25 * residual[i] + 0.0625 * corners);
    }
  }
}

/** Adds the coarser level's correction, bilinear. */
function prolong(level: Level, u: Float32Array, coarser: Level, correction: Float32Array): void {
  const { size } = level;
  const half = coarser.size;
  for (const pixels of [level.red, level.black]) {
    for (let n = 0; n < pixels.length; n++) {
      const i = pixels[n];
      const x = i % size;
      const y = (i - x) / size;
      const left = x >> 1;
      const top = y >> 1;
      const right = Math.min(half - 1, left + (x & 1));
      const bottom = Math.min(half - 1, top + (y & 1));
      const sum =
        correction[top * half + left] +
        correction[top * half + right] +
        correction[bottom * half + left] +
        correction[bottom * half + right];
      u[i] = u[i] + 0.25 * sum;
    }
  }
}
