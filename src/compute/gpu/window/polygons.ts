import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';

/**
 * `inside_distance(begin, end, place)`: distance to the edge of the polygon of those `corners`, positive inside, by winding number: as
 * `insideDistance` has it.
 */
export const INSIDE_DISTANCE = `
fn corner(k: u32, place: vec2f) -> vec2f { return vec2f(corners[2u * k], corners[2u * k + 1u]) - place; }
fn inside_distance(begin: u32, end: u32, place: vec2f) -> f32 {
  var nearest = 3.0e38;
  var winding = 0;
  var a = corner(end - 1u, place);
  for (var k = begin; k < end; k++) {
    let b = corner(k, place);
    let e = b - a;
    let square = dot(e, e);
    var t = 0.0;
    if (square > 0.0) { t = clamp(-dot(a, e) / square, 0.0, 1.0); }
    let d = a + t * e;
    nearest = min(nearest, dot(d, d));
    if ((a.y <= 0.0) != (b.y <= 0.0)) {
      let side = e.x * a.y - a.x * e.y;
      if (a.y <= 0.0 && side < 0.0) { winding += 1; }
      else if (b.y <= 0.0 && side > 0.0) { winding -= 1; }
    }
    a = b;
  }
  return select(-sqrt(nearest), sqrt(nearest), winding != 0);
}
`;

const POLYGONS = kernel({
  name: 'polygons',
  values: { size: 'u32', polygons: 'u32', margin: 'f32' },
  reads: { ends: 'u32', corners: 'f32' },
  writes: { out: 'f32' },
  functions: INSIDE_DISTANCE,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let place = vec2f(at.xy) + 0.5;
  var inside = 0.0;
  var begin = 0u;
  for (var p = 0u; p < v.polygons; p++) {
    let end = ends[p];
    if (end > begin && inside_distance(begin, end, place) > -v.margin) { inside = 1.0; }
    begin = end;
  }
  out[at.y * v.size + at.x] = inside;
`,
});

/** See `MaskOperations.polygons`. */
export function drawPolygonsOnDevice(
  queue: GpuQueue,
  polygons: readonly Float32Array[],
  size: number,
  margin: number,
): GpuMemory {
  const count = polygons.reduce((sum, polygon) => sum + (polygon.length >> 1), 0);
  // Without a polygon, too, both arrays have an element.
  const ends = new Uint32Array(polygons.length + 1);
  const corners = new Float32Array(2 * Math.max(1, count));
  let end = 0;
  polygons.forEach((polygon, k) => {
    corners.set(polygon, 2 * end);
    end += polygon.length >> 1;
    ends[k] = end;
  });
  const out = queue.lend(size * size);
  queue.run(POLYGONS, {
    values: { size, polygons: polygons.length, margin },
    buffers: { ends, corners, out },
    threads: [size, size],
  });
  return out;
}
