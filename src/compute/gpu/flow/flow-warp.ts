import type { Image } from '../../image.ts';
import { samplesIn, squareSide } from '../../image-handles.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { cubicSampling } from '../plate/cubic.ts';
import type { GpuFlow } from './flow-search.ts';

/** WGSL: `displacement_at(at, flow)`, patch pixels, from the lattice that begins at node `flow` of `lattices`. Kernels have the values of `FLOW_VALUES`. */
export const DISPLACEMENT = `
fn node_at(flow: u32, row: u32, column: u32) -> vec2f {
  let n = 2u * (flow + row * v.columns + column);
  return vec2f(lattices[n], lattices[n + 1u]);
}
fn displacement_at(at: vec2u, flow: u32) -> vec2f {
  let last = vec2u(v.columns, v.rows) - 1u;
  let place = clamp((vec2f(at) + 0.5) / v.pitch - 0.5, vec2f(0.0), vec2f(last));
  let a = vec2u(place);
  let b = min(last, a + 1u);
  let part = place - vec2f(a);
  let left = v.scale * (node_at(flow, a.y, a.x) * (1.0 - part.y) + node_at(flow, b.y, a.x) * part.y);
  let right = v.scale * (node_at(flow, a.y, b.x) * (1.0 - part.y) + node_at(flow, b.y, b.x) * part.y);
  return left * (1.0 - part.x) + right * part.x;
}
`;

/** WGSL: `displaced(plane, at, by)`, a sample of `planes` at a displacement, bicubic. */
const DISPLACED = `
${cubicSampling('planes')}
fn displaced(plane: u32, at: vec2u, by: vec2f) -> f32 {
  let whole = floor(by);
  return cubic(plane * v.size * v.size, vec2i(i32(v.size)), vec2i(at) + vec2i(whole), by - whole);
}
`;

export const FLOW_VALUES = { size: 'u32', columns: 'u32', rows: 'u32', pitch: 'f32', scale: 'f32' } as const;

export function flowValues(size: number, { step, scale, columns, rows }: GpuFlow) {
  return { size, columns, rows, pitch: step * scale, scale };
}

const SAMPLE = kernel({
  name: 'sample by flow',
  values: { ...FLOW_VALUES, count: 'u32' },
  reads: { planes: 'f32', lattices: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  functions: DISPLACEMENT + DISPLACED,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let i = at.y * v.size + at.x;
  let area = v.size * v.size;
  let seen = mask[i] > 0.0;
  var by = vec2f(0.0);
  if (seen) { by = displacement_at(at.xy, 0u); }
  for (var k = 0u; k < v.count; k++) {
    var sample = 0.0;
    if (seen) { sample = displaced(k, at.xy, by); }
    out[k * area + i] = sample;
  }
`,
});

/** See `FlowOperations.sampledByFlow`. */
export function sampledByFlow(queue: GpuQueue, image: Image, flow: GpuFlow, where: Image): Image {
  const size = squareSide(image);
  const out = queue.lend(samplesIn(image));
  queue.run(SAMPLE, {
    values: { ...flowValues(size, flow), count: image.planes },
    buffers: { planes: memoryOf(image), lattices: flow.memory, mask: memoryOf(where), out },
    threads: [size, size],
  });
  return imageIn(out, image);
}
