import { COARSEST_SIZE, COARSEST_SWEEPS, CYCLES, SWEEPS } from '../cpu/still/membrane.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel, SAMPLES } from './kernel.ts';

/**
 * `fill` and `solveMembrane` of the processor, a workgroup a plane: a grid is so small that its sweeps would else be a hundred dispatches
 * of next to nothing. Levels lie one after another in `u` (values, then the error), `f` (weights, then the source) and `unknown`.
 */
const SOLVE = kernel({
  name: 'membrane',
  values: { size: 'u32', levels: 'u32', stride: 'u32' },
  reads: { inside: 'u32' },
  // On the contour `u` has the values that decide the membrane; `f` has 1 there, and 0 elsewhere.
  writes: { u: 'f32', f: 'f32', unknown: 'u32' },
  group: SAMPLES,
  functions: `
const LANES = 256u;
var<private> me: u32;

// Of two samples of four the nearer counts three quarters (bilinear between pixel centres).
fn other(i: u32, half: u32) -> u32 {
  if ((i & 1u) == 0u) { return max(i >> 1u, 1u) - 1u; }
  return min((i >> 1u) + 1u, half - 1u);
}
fn doubled(first: u32, half: u32, x: u32, y: u32) -> f32 {
  let near = first + (y >> 1u) * half;
  let far = first + other(y, half) * half;
  let beside = other(x, half);
  let here = 0.75 * u[near + (x >> 1u)] + 0.25 * u[far + (x >> 1u)];
  let there = 0.75 * u[near + beside] + 0.25 * u[far + beside];
  return 0.75 * here + 0.25 * there;
}

// Half the size: the mean of what has weight of each 2 × 2. Weights are 0 or 1 from the contour on, so that no share of one is left.
fn push(first: u32, side: u32) {
  let half = (side + 1u) / 2u;
  let coarse = first + side * side;
  for (var n = me; n < half * half; n += LANES) {
    var sum = 0.0;
    var weight = 0.0;
    for (var k = 0u; k < 4u; k++) {
      let x = 2u * (n % half) + (k & 1u);
      let y = 2u * (n / half) + (k >> 1u);
      if (x < side && y < side && f[first + y * side + x] > 0.0) {
        sum += u[first + y * side + x];
        weight += 1.0;
      }
    }
    u[coarse + n] = sum / max(1.0, weight);
    f[coarse + n] = min(1.0, weight);
  }
  storageBarrier();
}

// What has no weight, from the filled coarser level.
fn pull(first: u32, side: u32) {
  for (var n = me; n < side * side; n += LANES) {
    if (f[first + n] == 0.0) { u[first + n] = doubled(first + side * side, (side + 1u) / 2u, n % side, n / side); }
  }
  storageBarrier();
}

// Coarse pixels lie on every second fine one; those of the outermost ring are known.
fn coarsen(first: u32, side: u32) {
  let half = side / 2u;
  for (var n = me; n < half * half; n += LANES) {
    let x = n % half;
    let y = n / half;
    let ring = x == 0u || y == 0u || x == half - 1u || y == half - 1u;
    unknown[first + side * side + n] = select(unknown[first + 2u * y * side + 2u * x], 0u, ring);
  }
  storageBarrier();
}

// Red-black Gauss-Seidel on 4u − Σ neighbours = f.
fn relax(first: u32, side: u32, sweeps: u32) {
  let pairs = (side + 1u) / 2u;
  for (var sweep = 0u; sweep < 2u * sweeps; sweep++) {
    for (var n = me; n < side * pairs; n += LANES) {
      let y = n / pairs;
      let x = 2u * (n % pairs) + ((y + sweep) & 1u);
      let i = first + y * side + x;
      if (x < side && unknown[i] == 1u) {
        u[i] = 0.25 * (f[i] + u[i - 1u] + u[i + 1u] + u[i - side] + u[i + side]);
      }
    }
    storageBarrier();
  }
}

fn residual(i: u32, side: u32) -> f32 {
  if (unknown[i] == 0u) { return 0.0; }
  return f[i] - 4.0 * u[i] + u[i - 1u] + u[i + 1u] + u[i - side] + u[i + side];
}

// The residual, fully weighted onto the coarser level; its spacing is doubled, so the source is four times as strong. After a sweep over
// black pixels their residual is 0, and the four direct neighbours are black.
fn restricted(first: u32, side: u32) {
  let half = side / 2u;
  let coarse = first + side * side;
  for (var n = me; n < half * half; n += LANES) {
    if (unknown[coarse + n] == 1u) {
      let i = first + 2u * (n / half) * side + 2u * (n % half);
      let corners = residual(i - side - 1u, side) + residual(i - side + 1u, side)
        + residual(i + side - 1u, side) + residual(i + side + 1u, side);
      f[coarse + n] = 4.0 * (0.25 * residual(i, side) + 0.0625 * corners);
      u[coarse + n] = 0.0;
    }
  }
  storageBarrier();
}

// Adds the coarser level's correction, bilinear.
fn prolong(first: u32, side: u32) {
  let half = side / 2u;
  let coarse = first + side * side;
  for (var n = me; n < side * side; n += LANES) {
    if (unknown[first + n] == 1u) {
      let x = n % side;
      let y = n / side;
      let left = x >> 1u;
      let right = min(half - 1u, left + (x & 1u));
      let top = coarse + (y >> 1u) * half;
      let bottom = coarse + min(half - 1u, (y >> 1u) + (y & 1u)) * half;
      u[first + n] += 0.25 * (u[top + left] + u[top + right] + u[bottom + left] + u[bottom + right]);
    }
  }
  storageBarrier();
}
`,
  main: `
  me = lane;
  let begin = group.y * v.stride;
  let area = v.size * v.size;
  var first = begin;
  var side = v.size;
  while (side > 1u) {
    push(first, side);
    first += side * side;
    side = (side + 1u) / 2u;
  }
  // ⌈size / 2^level⌉ is the side of a level.
  for (var level = firstLeadingBit(v.size * 2u - 1u); level > 0u; level--) {
    side = (v.size + (1u << (level - 1u)) - 1u) >> (level - 1u);
    first -= side * side;
    pull(first, side);
  }
  for (var n = lane; n < v.stride; n += LANES) {
    if (n < area) { unknown[begin + n] = inside[n]; } else { u[begin + n] = 0.0; }
    f[begin + n] = 0.0;
  }
  storageBarrier();
  first = begin;
  side = v.size;
  for (var level = 1u; level < v.levels; level++) {
    coarsen(first, side);
    first += side * side;
    side /= 2u;
  }
  for (var cycle = 0u; cycle < ${CYCLES}u; cycle++) {
    first = begin;
    side = v.size;
    for (var level = 1u; level < v.levels; level++) {
      relax(first, side, ${SWEEPS}u);
      restricted(first, side);
      first += side * side;
      side /= 2u;
    }
    relax(first, side, ${COARSEST_SWEEPS}u);
    for (var level = v.levels - 1u; level > 0u; level--) {
      side = v.size >> (level - 1u);
      first -= side * side;
      prolong(first, side);
      relax(first, side, ${SWEEPS}u);
    }
  }
`,
});

/** Numbers that a plane's levels take: those of a push-pull pyramid, whose sides are rounded up, are the more. */
export function membraneStride(size: number): number {
  let all = 1;
  for (let side = size; side > 1; side = (side + 1) >> 1) all += side * side;
  return all;
}

export interface MembraneMemory {
  /** 1 where the membrane is unknown, nowhere on the outermost ring; of the grid's size. */
  readonly inside: GpuMemory;
  /** `membraneStride` numbers a plane, of which the first of the grid's size become the membrane: on the contour its values, else 0. */
  readonly u: GpuMemory;
  /** As many, of which the first are 1 on the contour, else 0. */
  readonly f: GpuMemory;
}

/** The membrane over a grid of side `size`, in each of `planes` planes of `u`: see `solveMembrane` of the processor. */
export function solveMembrane(queue: GpuQueue, { inside, u, f }: MembraneMemory, size: number, planes: number): void {
  const stride = membraneStride(size);
  let levels = 1;
  for (let half = size >> 1; half >= COARSEST_SIZE; half >>= 1) levels += 1;
  using unknown = queue.lend(planes * stride);
  queue.run(SOLVE, { values: { size, levels, stride }, buffers: { inside, u, f, unknown }, threads: [1, planes] });
}
