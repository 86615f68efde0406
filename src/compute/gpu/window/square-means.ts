import { BRIGHTNESS } from '../../cpu/window/brightness.ts';
import type { AlignTarget } from '../../flows.ts';
import type { Image } from '../../image.ts';
import { squareSide } from '../../image-handles.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, PIXELS } from '../device/kernel.ts';
import type { GpuFlow } from '../flow/flow-search.ts';
import { DISPLACEMENT, FLOW_VALUES, flowValues } from '../flow/flow-warp.ts';
import { memoryOf } from '../gpu-image.ts';
import { CUBIC_WEIGHTS, cubicOf } from '../plate/cubic.ts';

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

/** Neighbours that a dispatch samples at most: each lies in memory of its own, of which a kernel sees eight. */
const MOST = 4;
const NAMES = ['p0', 'p1', 'p2', 'p3'] as const;

const SAMPLE = kernel({
  name: 'sample and measure neighbours',
  values: { ...FLOW_VALUES, first: 'u32' },
  reads: { p0: 'f32', p1: 'f32', p2: 'f32', p3: 'f32', lattices: 'f32', mask: 'f32' },
  writes: { out: 'f32', means: 'f32' },
  group: PIXELS,
  functions: `${DISPLACEMENT}${SQUARE_MEANS}${CUBIC_WEIGHTS}${NAMES.map((name) => cubicOf(`cubic_${name}`, name)).join('')}
fn displaced(picture: u32, plane: u32, at: vec2u, by: vec2f) -> f32 {
  let whole = floor(by);
  let first = plane * v.size * v.size;
  let size = vec2i(i32(v.size));
  let place = vec2i(at) + vec2i(whole);
  switch (picture) {
    ${NAMES.map((name, k) => `${k === MOST - 1 ? 'default' : `case ${k}u`}: { return cubic_${name}(first, size, place, by - whole); }`).join('\n    ')}
  }
}
`,
  main: `
  let neighbour = v.first + at.z;
  let area = v.size * v.size;
  var rgb = vec3f(0.0);
  var inside = 0.0;
  if (at.x < v.size && at.y < v.size) {
    let i = at.y * v.size + at.x;
    if (mask[i] > 0.0) {
      let by = displacement_at(at.xy, neighbour * v.columns * v.rows);
      rgb = vec3f(displaced(at.z, 0u, at.xy, by), displaced(at.z, 1u, at.xy, by), displaced(at.z, 2u, at.xy, by));
      inside = 1.0;
    }
    let o = 3u * neighbour * area + i;
    out[o] = rgb.x;
    out[o + area] = rgb.y;
    out[o + 2u * area] = rgb.z;
  }
  write_means(at.xy - 16u * group.xy, group.xy, 3u * (neighbour + 1u), rgb, inside);
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
  /** 3 planes each, in the order of the flow's lattices. */
  readonly sources: readonly Image[];
  readonly where: Image;
  readonly flow: GpuFlow;
  readonly means: GpuMemory;
}

/** Neighbours as their flow displaces them, 0 where they are not looked at; their rows of `means` are written on the way. */
export function sampledAndMeasured(queue: GpuQueue, { sources, where, flow, means }: NeighbourSampling): GpuMemory {
  const size = squareSide(where);
  const out = queue.lend(3 * size * size * sources.length);
  for (let first = 0; first < sources.length; first += MOST) {
    const some = sources.slice(first, first + MOST).map(memoryOf);
    const [p0, p1 = p0, p2 = p0, p3 = p0] = some;
    queue.run(SAMPLE, {
      values: { ...flowValues(size, flow), first },
      buffers: { p0, p1, p2, p3, lattices: flow.memory, mask: memoryOf(where), out, means },
      threads: [size, size, some.length],
    });
  }
  return out;
}
