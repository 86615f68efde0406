import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, SAMPLES } from '../device/kernel.ts';

/** `fill` of the processor, a workgroup a plane, for weights of 0 and 1. Levels lie one after another, the finest first. */
const FILL = kernel({
  name: 'fill',
  values: { size: 'u32', stride: 'u32' },
  writes: { values: 'f32', weights: 'f32' },
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
  let here = 0.75 * values[near + (x >> 1u)] + 0.25 * values[far + (x >> 1u)];
  let there = 0.75 * values[near + beside] + 0.25 * values[far + beside];
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
      if (x < side && y < side && weights[first + y * side + x] > 0.0) {
        sum += values[first + y * side + x];
        weight += 1.0;
      }
    }
    values[coarse + n] = sum / max(1.0, weight);
    weights[coarse + n] = min(1.0, weight);
  }
  storageBarrier();
}

// What has no weight, from the filled coarser level.
fn pull(first: u32, side: u32) {
  for (var n = me; n < side * side; n += LANES) {
    if (weights[first + n] == 0.0) { values[first + n] = doubled(first + side * side, (side + 1u) / 2u, n % side, n / side); }
  }
  storageBarrier();
}
`,
  main: `
  me = lane;
  var first = group.y * v.stride;
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
`,
});

/** Numbers that a square of side `size` and all its halvings take, whose sides are rounded up. */
export function levelsLength(size: number): number {
  let all = 1;
  for (let side = size; side > 1; side = (side + 1) >> 1) all += side * side;
  return all;
}

/** Squares of side `size` in `planes` planes, each `levelsLength` numbers. */
export interface FillLevels {
  readonly size: number;
  readonly planes: number;
  /** A plane's first `size`² are its square, 0 where it has no weight; what follows holds anything. */
  readonly values: GpuMemory;
  /** In the same places 1 where the values count, else 0. */
  readonly weights: GpuMemory;
}

/** Values with weight stay; the others become smooth continuations: see `fill` of the processor. Writes where it reads. */
export function fillLevels(queue: GpuQueue, { size, planes, values, weights }: FillLevels): void {
  queue.run(FILL, {
    values: { size, stride: levelsLength(size) },
    buffers: { values, weights },
    threads: [1, planes],
  });
}
