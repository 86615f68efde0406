import type { Landmarks } from '../../../face/landmarks.ts';
import { clamp } from '../../../film/interpolate.ts';
import type { Figures } from '../../image.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import type { GpuFlow } from '../flow/flow-search.ts';
import { figuresIn } from '../gpu-image.ts';

const BEYOND = kernel({
  name: 'beyond start',
  values: { points: 'u32', columns: 'u32', rows: 'u32', scale: 'f32' },
  reads: { flow: 'f32', starts: 'f32', nodes: 'u32', parts: 'f32' },
  writes: { out: 'f32' },
  group: [64],
  functions: `
fn beyond(i: u32, j: u32, picture: u32) -> vec2f {
  let n = 2u * ((picture * v.rows + min(j, v.rows - 1u)) * v.columns + min(i, v.columns - 1u));
  return vec2f(flow[n] - starts[n], flow[n + 1u] - starts[n + 1u]);
}
`,
  main: `
  if (at.x >= v.points) { return; }
  let i = nodes[2u * at.x];
  let j = nodes[2u * at.x + 1u];
  let part = vec2f(parts[2u * at.x], parts[2u * at.x + 1u]);
  let a = beyond(i, j, at.y);
  let c = beyond(i, j + 1u, at.y);
  let above = a + part.x * (beyond(i + 1u, j, at.y) - a);
  let below = c + part.x * (beyond(i + 1u, j + 1u, at.y) - c);
  let found = v.scale * (above + part.y * (below - above));
  let o = 2u * (at.y * v.points + at.x);
  out[o] = found.x;
  out[o + 1u] = found.y;
`,
});

export interface BeyondRequest {
  readonly flow: GpuFlow;
  /** Where each picture was expected, on the same lattices. */
  readonly starts: GpuMemory;
  readonly points: Landmarks;
}

/** See `AlignedImages.beyondStart`: of each picture that `flow` holds. */
export function beyondStarts(
  queue: GpuQueue,
  { flow, starts, points }: BeyondRequest,
): Figures<readonly Float64Array[]> {
  const { columns, rows, scale, count } = flow;
  const length = points.length / 3;
  const { nodes, parts } = nodesAt(flow, points);
  const all = queue.lend(2 * length * count);
  queue.run(BEYOND, {
    values: { points: length, columns, rows, scale },
    buffers: { flow: flow.memory, starts, nodes, parts, out: all },
    threads: [length, count],
  });
  return figuresIn(all, (numbers) =>
    Array.from({ length: count }, (_, k) => Float64Array.from(new Float32Array(numbers, 8 * length * k, 2 * length))),
  );
}

/** The node above and to the left of each point, and how far beyond it the point lies, nodes: see `flowAt`. */
function nodesAt({ step, scale, columns, rows }: GpuFlow, points: Landmarks) {
  const count = points.length / 3;
  const nodes = new Uint32Array(2 * count);
  const parts = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    for (const [k, length] of [columns, rows].entries()) {
      const place = clamp(points[3 * n + k] / scale / step - 0.5, 0, length - 1);
      const node = Math.max(0, Math.min(length - 2, Math.floor(place)));
      nodes[2 * n + k] = node;
      parts[2 * n + k] = place - node;
    }
  }
  return { nodes, parts };
}
