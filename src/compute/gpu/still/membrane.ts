import { COARSEST_SIZE, COARSEST_SWEEPS, CYCLES, SWEEPS } from '../../cpu/still/membrane.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';
import { type FillLevels, fillLevels, levelsLength } from './fill.ts';

/**
 * The V-cycles, a workgroup a plane: a grid is so small that its sweeps would else be a hundred dispatches of next to nothing. Levels lie
 * one after another in `u` (the membrane, then what each level corrects), `f` (the source) and `unknown`.
 */
const SOLVE = kernel({
  name: 'membrane',
  values: { size: 'u32', levels: 'u32', stride: 'u32' },
  reads: { inside: 'u32' },
  // `u` has a first guess; `f` holds anything.
  writes: { u: 'f32', f: 'f32', unknown: 'u32' },
  group: SAMPLES,
  functions: `
const LANES = 256u;
var<private> me: u32;

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
  for (var n = lane; n < v.stride; n += LANES) {
    if (n < area) { unknown[begin + n] = inside[n]; } else { u[begin + n] = 0.0; }
    f[begin + n] = 0.0;
  }
  storageBarrier();
  var first = begin;
  var side = v.size;
  for (var level = 1u; level < v.levels; level++) {
    coarsen(first, side);
    first += side * side;
    side /= 2u;
  }
  for (var cycle = 0u; cycle < ${CYCLES}u; cycle++) {
    first = begin;
    side = v.size;
    // Down to the coarsest level, and back up: one loop, for what is called in two is compiled twice.
    let coarsest = v.levels - 1u;
    for (var step = 0u; step <= 2u * coarsest; step++) {
      if (step > coarsest) {
        side = v.size >> (2u * coarsest - step);
        first -= side * side;
        prolong(first, side);
      }
      relax(first, side, select(${SWEEPS}u, ${COARSEST_SWEEPS}u, step == coarsest));
      if (step < coarsest) {
        restricted(first, side);
        first += side * side;
        side /= 2u;
      }
    }
  }
`,
});

/**
 * The membrane over a grid of side `size`, in each plane: see `solveMembrane` of the processor.
 *
 * @param inside 1 where the membrane is unknown, nowhere on the outermost ring; of the grid's size
 * @param levels values and weights on the contour, as `fillLevels` takes them; the finest values become the membrane
 */
export function spanMembrane(queue: GpuQueue, inside: GpuMemory, levels: FillLevels): void {
  fillLevels(queue, levels);
  const { size, planes, values, weights } = levels;
  const stride = levelsLength(size);
  let count = 1;
  for (let half = size >> 1; half >= COARSEST_SIZE; half >>= 1) count += 1;
  using unknown = queue.lend(planes * stride);
  queue.run(SOLVE, {
    values: { size, levels: count, stride },
    // Nobody needs the weights any more.
    buffers: { inside, u: values, f: weights, unknown },
    threads: [1, planes],
  });
}
