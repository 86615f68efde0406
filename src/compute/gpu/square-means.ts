import { BRIGHTNESS } from '../cpu/window/brightness.ts';
import type { AlignTarget } from '../flows.ts';
import type { Image } from '../image.ts';
import type { GpuFlow } from './flow-search.ts';
import { DISPLACED, FLOW_VALUES, flowValues } from './flow-warp.ts';
import { memoryOf, samplesIn, squareSide } from './gpu-image.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { kernel, PIXELS } from './kernel.ts';

// Means over squares lie in rows: red, green and blue of the target, then of each neighbour. The squares are those of a grid over the
// patch; one that does not lie wholly in the face has `OUTSIDE` for a mean.
export const OUTSIDE = 'const OUTSIDE = 3.0e38;';

/**
 * WGSL: every workgroup of 16 × 16 pixels writes the means of its four squares. `inside` is 1 where the pixel lies in the face. Always added
 * in the same order.
 */
const SQUARE_MEANS = `
${OUTSIDE}
const SQUARE = ${BRIGHTNESS.SQUARE}u;
var<workgroup> sums: array<vec4f, 256>;
fn write_means(local: vec2u, group: vec2u, first_row: u32, rgb: vec3f, inside: f32) {
  // Lanes of a square lie together.
  let square = (local.y / SQUARE) * 2u + local.x / SQUARE;
  let lane = (local.y % SQUARE) * SQUARE + local.x % SQUARE;
  let slot = square * 64u + lane;
  sums[slot] = vec4f(rgb, inside);
  for (var half = 32u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (lane < half) { sums[slot] += sums[slot + half]; }
  }
  let across = v.size / SQUARE;
  let place = 2u * group + local / SQUARE;
  if (lane == 0u && place.x < across && place.y < across) {
    let sum = sums[slot];
    for (var c = 0u; c < 3u; c++) {
      means[((first_row + c) * across + place.y) * across + place.x] = select(OUTSIDE, sum[c] / 64.0, sum.w == 64.0);
    }
  }
}
`;

const MEASURE = kernel({
  name: 'brightness',
  values: { size: 'u32' },
  reads: { planes: 'f32', mask: 'f32' },
  writes: { means: 'f32' },
  group: PIXELS,
  functions: SQUARE_MEANS,
  main: `
  let area = v.size * v.size;
  var rgb = vec3f(0.0);
  var inside = 0.0;
  if (at.x < v.size && at.y < v.size) {
    let i = at.y * v.size + at.x;
    rgb = vec3f(planes[i], planes[area + i], planes[2u * area + i]);
    inside = select(0.0, 1.0, mask[i] > 0.0);
  }
  write_means(at.xy - 16u * group.xy, group.xy, 0u, rgb, inside);
`,
});

const SAMPLE = kernel({
  name: 'sample and measure a neighbour',
  values: { ...FLOW_VALUES, lattice: 'u32', row: 'u32' },
  reads: { planes: 'f32', lattices: 'f32', mask: 'f32' },
  writes: { out: 'f32', means: 'f32' },
  group: PIXELS,
  functions: DISPLACED + SQUARE_MEANS,
  main: `
  let area = v.size * v.size;
  var rgb = vec3f(0.0);
  var inside = 0.0;
  if (at.x < v.size && at.y < v.size) {
    let i = at.y * v.size + at.x;
    if (mask[i] > 0.0) {
      let by = displacement_at(at.xy, v.lattice);
      rgb = vec3f(displaced(0u, at.xy, by), displaced(1u, at.xy, by), displaced(2u, at.xy, by));
      inside = 1.0;
    }
    out[i] = rgb.x;
    out[area + i] = rgb.y;
    out[2u * area + i] = rgb.z;
  }
  write_means(at.xy - 16u * group.xy, group.xy, v.row, rgb, inside);
`,
});

/** Writes the target's rows of `means`. */
export function measureSquares(queue: GpuQueue, { rgb, where }: AlignTarget, means: GpuMemory): void {
  const size = squareSide(rgb);
  queue.run(MEASURE, {
    values: { size },
    buffers: { planes: memoryOf(rgb), mask: memoryOf(where), means },
    threads: [size, size],
  });
}

export interface NeighbourSampling {
  readonly rgb: Image;
  readonly where: Image;
  readonly flow: GpuFlow;
  /** Which of the flow's lattices is the neighbour's. */
  readonly k: number;
  readonly means: GpuMemory;
}

/** A neighbour as its flow displaces it, 0 where it is not looked at; its rows of `means` are written on the way. */
export function sampledAndMeasured(queue: GpuQueue, { rgb, where, flow, k, means }: NeighbourSampling): GpuMemory {
  const size = squareSide(rgb);
  const out = queue.lend(samplesIn(rgb));
  queue.run(SAMPLE, {
    values: { ...flowValues(size, flow), lattice: k * flow.columns * flow.rows, row: 3 * (k + 1) },
    buffers: { planes: memoryOf(rgb), lattices: flow.memory, mask: memoryOf(where), out, means },
    threads: [size, size],
  });
  return out;
}
