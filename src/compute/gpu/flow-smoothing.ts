import { DENSE_FLOW } from '../../motion/dense-flow.ts';
import { trustWeights } from '../../motion/flow-lattice.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

/** WGSL: where the coarser level (`coarse` columns and rows, one lattice a picture) says that a node lies; 0 where there is none. */
export const GUESS = `
fn coarse_node(picture: u32, row: u32, column: u32) -> vec2f {
  let n = 2u * ((picture * v.coarse + row) * v.coarse + column);
  return vec2f(coarser[n], coarser[n + 1u]);
}
fn guess_at(picture: u32, i: u32, j: u32) -> vec2f {
  if (v.coarse == 0u) { return vec2f(0.0); }
  let last = v.coarse - 1u;
  let place = clamp(vec2f(f32(i), f32(j)) / 2.0 - 0.25, vec2f(0.0), vec2f(f32(last)));
  let part = fract(place);
  let left = u32(place.x);
  let top = u32(place.y);
  let right = min(last, left + 1u);
  let below = min(last, top + 1u);
  let a = coarse_node(picture, top, left);
  let c = coarse_node(picture, below, left);
  let upper = a + part.x * (coarse_node(picture, top, right) - a);
  let lower = c + part.x * (coarse_node(picture, below, right) - c);
  return 2.0 * (upper + part.y * (lower - upper));
}
`;

const SMOOTH_ACROSS = kernel({
  name: 'smooth flow across',
  values: { columns: 'u32', radius: 'i32' },
  reads: { moved: 'f32', weights: 'f32' },
  writes: { out: 'f32' },
  group: [8, 8],
  main: `
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  let row = (at.z * v.columns + at.y) * v.columns;
  var sum = vec3f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let n = 3u * (row + u32(clamp(i32(at.x) + k, 0, i32(v.columns) - 1)));
    let w = weights[abs(k)] * moved[n + 2u];
    sum += vec3f(w * moved[n], w * moved[n + 1u], w);
  }
  let o = 3u * (row + at.x);
  out[o] = sum.x;
  out[o + 1u] = sum.y;
  out[o + 2u] = sum.z;
`,
});

const SMOOTH_DOWN = kernel({
  name: 'smooth flow down',
  values: { columns: 'u32', radius: 'i32', bound: 'f32', coarse: 'u32', started: 'u32' },
  reads: { across: 'f32', weights: 'f32', coarser: 'f32', starts: 'f32' },
  writes: { out: 'f32' },
  group: [8, 8],
  functions: GUESS,
  main: `
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  let plane = at.z * v.columns * v.columns;
  var sum = vec3f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let n = 3u * (plane + u32(clamp(i32(at.y) + k, 0, i32(v.columns) - 1)) * v.columns + at.x);
    sum += weights[abs(k)] * vec3f(across[n], across[n + 1u], across[n + 2u]);
  }
  var moved = guess_at(at.z, at.x, at.y) + sum.xy / (sum.z + ${DENSE_FLOW.PRIOR});
  let far = sqrt(dot(moved, moved));
  if (far > v.bound) { moved *= v.bound / far; }
  let o = 2u * (plane + at.y * v.columns + at.x);
  if (v.started == 1u) { moved += vec2f(starts[o], starts[o + 1u]); }
  out[o] = moved.x;
  out[o + 1u] = moved.y;
`,
});

export interface FlowSmoothing {
  /** Nodes across each lattice, and down; and lattices. */
  readonly columns: number;
  readonly count: number;
  /** Of the Gaussian, nodes. */
  readonly sigma: number;
  /** Greatest displacement, pixels of the level. */
  readonly bound: number;
  /** What the next coarser level found, if there is one, and the columns of its lattices. */
  readonly coarser: { readonly memory: GpuMemory; readonly columns: number } | null;
  /** What is added in the end. */
  readonly starts: GpuMemory | undefined;
}

/**
 * Smooths the changes that a level's search found (x, y and trust a node) by their trust, and adds them to what the coarser level found: x and
 * y a node. See `smoothByTrust` and `denseFlow`.
 */
export function smoothedFlow(
  queue: GpuQueue,
  moved: GpuMemory,
  { columns, count, sigma, bound, coarser, starts }: FlowSmoothing,
): GpuMemory {
  const threads = [columns, columns, count] as const;
  const nodes = count * columns * columns;
  const weights = Float32Array.from(trustWeights(sigma));
  const radius = weights.length - 1;
  using across = queue.lend(3 * nodes);
  queue.run(SMOOTH_ACROSS, { values: { columns, radius }, buffers: { moved, weights, out: across }, threads });
  const out = queue.lend(2 * nodes);
  queue.run(SMOOTH_DOWN, {
    values: { columns, radius, bound, coarse: coarser?.columns ?? 0, started: starts ? 1 : 0 },
    buffers: { across, weights, coarser: coarser?.memory ?? NOTHING, starts: starts ?? NOTHING, out },
    threads,
  });
  return out;
}

/** What stands where a kernel's array is not looked at. */
const NOTHING = new Float32Array(1);
