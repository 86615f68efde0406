import type { Landmarks } from '../../../face/landmarks.ts';
import { CELLS, EDGES, type MatteGrid, matteGrid } from '../../../face/matte.ts';
import type { FaceMatteOptions } from '../../masks.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { INSIDE_DISTANCE } from './polygons.ts';

const OUTLINE_DISTANCE = kernel({
  name: 'outline distance',
  values: { first_x: 'i32', first_y: 'i32', cell: 'f32', columns: 'u32', rows: 'u32', corner_count: 'u32' },
  reads: { corners: 'f32' },
  writes: { grid: 'f32' },
  group: [8, 8],
  functions: INSIDE_DISTANCE,
  main: `
  if (at.x >= v.columns || at.y >= v.rows) { return; }
  let knot = vec2i(at.xy) + vec2i(v.first_x, v.first_y) - 1;
  grid[at.y * v.columns + at.x] = inside_distance(0u, v.corner_count, vec2f(knot) * v.cell);
`,
});

const FACE_MATTE = kernel({
  name: 'face matte',
  values: {
    size: 'u32',
    left: 'i32',
    right: 'i32',
    top: 'i32',
    bottom: 'i32',
    first_x: 'u32',
    first_y: 'u32',
    columns: 'u32',
    soft: 'f32',
    strength: 'f32',
    edge: 'f32',
  },
  reads: { grid: 'f32' },
  writes: { out: 'f32' },
  functions: `
struct Taps { knot: u32, weights: vec4f }
// Four knots of a cubic B-spline around a pixel centre. In whole numbers, so that the fraction is rounded once.
fn taps_of(i: u32, first: u32) -> Taps {
  let place = (2u * i + 1u) * ${CELLS}u;
  let cell = place / (2u * v.size);
  let t = f32(place - cell * 2u * v.size) / f32(2u * v.size);
  let r = 1.0 - t;
  let weights = vec4f(r * r * r, (3.0 * t - 6.0) * t * t + 4.0, ((3.0 - 3.0 * t) * t + 3.0) * t + 1.0, t * t * t) / 6.0;
  return Taps(cell - first, weights);
}
fn smoothed(t: f32) -> f32 { return t * t * (3.0 - 2.0 * t); }
fn fade(i: u32) -> f32 { return smoothed(min(f32(min(i, v.size - 1u - i)) / v.edge, 1.0)); }
fn line(n: u32, weights: vec4f) -> f32 {
  return dot(weights, vec4f(grid[n], grid[n + v.columns], grid[n + 2u * v.columns], grid[n + 3u * v.columns]));
}
`,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let o = at.y * v.size + at.x;
  out[o] = 0.0;
  let place = vec2i(at.xy);
  if (place.x < v.left || place.x >= v.right || place.y < v.top || place.y >= v.bottom) { return; }
  let across = taps_of(at.x, v.first_x);
  let down = taps_of(at.y, v.first_y);
  let n = down.knot * v.columns + across.knot;
  let w = down.weights;
  let distance = dot(across.weights, vec4f(line(n, w), line(n + 1u, w), line(n + 2u, w), line(n + 3u, w)));
  if (!(distance > 0.0)) { return; }
  // Without a soft edge the matte is 1 from the outline inwards.
  var t = 1.0;
  if (v.soft > 0.0) { t = min(distance / v.soft, 1.0); }
  out[o] = smoothed(t) * fade(at.x) * fade(at.y) * v.strength;
`,
});

/** See `MaskOperations.faceMatte`: where the outline lies is found here, how far from it a pixel lies on the device. */
export function drawFaceMatteOnDevice(
  queue: GpuQueue,
  landmarks: Landmarks,
  size: number,
  options: FaceMatteOptions,
): GpuMemory {
  const lies = matteGrid(landmarks, size, options);
  if (!lies) return queue.zeroed(size * size);
  const { soft, firstX, firstY, columns } = lies;
  const { area, margin } = options.within ?? { area: { x: 0, y: 0, width: size, height: size }, margin: 0 };
  using grid = outlineDistances(queue, lies, size);
  const out = queue.lend(size * size);
  queue.run(FACE_MATTE, {
    values: {
      size,
      left: Math.max(lies.left, Math.ceil(area.x - margin)),
      right: Math.min(lies.right, Math.ceil(area.x + area.width + margin)),
      top: Math.max(lies.top, Math.ceil(area.y - margin)),
      bottom: Math.min(lies.bottom, Math.ceil(area.y + area.height + margin)),
      first_x: firstX,
      first_y: firstY,
      columns,
      soft,
      strength: Math.min(1, options.strength ?? 1),
      edge: size / EDGES,
    },
    buffers: { grid, out },
    threads: [size, size],
  });
  return out;
}

/** The distance to the outline at every knot. */
function outlineDistances(queue: GpuQueue, { outline, columns, rows, ...lies }: MatteGrid, size: number): GpuMemory {
  const grid = queue.lend(columns * rows);
  queue.run(OUTLINE_DISTANCE, {
    values: {
      first_x: lies.firstX,
      first_y: lies.firstY,
      cell: size / CELLS,
      columns,
      rows,
      corner_count: outline.length >> 1,
    },
    buffers: { corners: outline, grid },
    threads: [columns, rows],
  });
  return grid;
}
