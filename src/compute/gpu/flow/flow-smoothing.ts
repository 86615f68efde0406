import { DENSE_FLOW } from '../../../motion/dense-flow.ts';
import { trustWeights } from '../../../motion/flow-lattice.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, NOTHING } from '../device/kernel.ts';

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

/** Side of the square of nodes that a workgroup smooths. */
const TILE = 8;

// Rows are smoothed a tile of rows at a time; each node takes in those of its own window, one after another.
const SMOOTH = kernel({
  name: 'smooth flow',
  values: { columns: 'u32', radius: 'i32', bound: 'f32', coarse: 'u32', started: 'u32' },
  reads: { moved: 'f32', weights: 'f32', coarser: 'f32', starts: 'f32' },
  writes: { out: 'f32' },
  group: [TILE, TILE],
  functions: `${GUESS}
var<workgroup> rows: array<vec3f, ${TILE * TILE}>;
fn row_of(first: u32, x: i32) -> vec3f {
  var sum = vec3f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let n = 3u * (first + u32(clamp(x + k, 0, i32(v.columns) - 1)));
    let w = weights[abs(k)] * moved[n + 2u];
    sum += vec3f(w * moved[n], w * moved[n + 1u], w);
  }
  return sum;
}
`,
  main: `
  let plane = at.z * v.columns * v.columns;
  let last = i32(v.columns) - 1;
  let column = lane % ${TILE}u;
  let line = i32(lane / ${TILE}u);
  let first = i32(group.y * ${TILE}u) - v.radius;
  var sum = vec3f(0.0);
  for (var begin = 0; begin < ${TILE} + 2 * v.radius; begin += ${TILE}) {
    rows[lane] = row_of(plane + u32(clamp(first + begin + line, 0, last)) * v.columns, i32(at.x));
    workgroupBarrier();
    let low = max(line, begin);
    let high = min(line + 2 * v.radius, begin + ${TILE - 1});
    for (var row = low; row <= high; row++) {
      sum += weights[abs(row - line - v.radius)] * rows[u32(row - begin) * ${TILE}u + column];
    }
    workgroupBarrier();
  }
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  var by = guess_at(at.z, at.x, at.y) + sum.xy / (sum.z + ${DENSE_FLOW.PRIOR});
  let far = sqrt(dot(by, by));
  if (far > v.bound) { by *= v.bound / far; }
  let o = 2u * (plane + at.y * v.columns + at.x);
  if (v.started == 1u) { by += vec2f(starts[o], starts[o + 1u]); }
  out[o] = by.x;
  out[o + 1u] = by.y;
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
  const weights = Float32Array.from(trustWeights(sigma));
  const out = queue.lend(2 * count * columns * columns);
  queue.run(SMOOTH, {
    values: { columns, radius: weights.length - 1, bound, coarse: coarser?.columns ?? 0, started: starts ? 1 : 0 },
    buffers: { moved, weights, coarser: coarser?.memory ?? NOTHING, starts: starts ?? NOTHING, out },
    threads: [columns, columns, count],
  });
  return out;
}
