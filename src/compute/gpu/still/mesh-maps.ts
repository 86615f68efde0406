import { type CreaseSmoothing, creaseSmoothing } from '../../../face/creases.ts';
import type { FaceMesh } from '../../../face/mesh.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { CORNERS, meshArrays, PLANE_NUMBERS, TILE, TRIANGLES } from './mesh-triangles.ts';

const DRAW_MESHES = kernel({
  name: 'draw meshes',
  values: { size: 'u32', tiles: 'u32', points: 'u32', triangles: 'u32' },
  reads: { corners: 'u32', places: 'f32', planes: 'f32', starts: 'u32', listed: 'u32' },
  writes: { out: 'f32' },
  functions: `
fn place_of(n: u32) -> vec2f { return vec2f(places[2u * n], places[2u * n + 1u]); }
// On which side of the line from one corner to another a place lies. Of both triangles that share the line the same number with another
// sign, so that no place between them belongs to none.
fn side(first: u32, i: u32, j: u32, place: vec2f) -> f32 {
  let a = place_of(first + min(i, j)) - place;
  let b = place_of(first + max(i, j)) - place;
  let found = a.x * b.y - a.y * b.x;
  return select(found, -found, i > j);
}
`,
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let place = vec2f(at.xy) + 0.5;
  let first = at.z * v.points;
  let tile = (at.z * v.tiles + at.y / ${TILE}u) * v.tiles + at.x / ${TILE}u;
  var nearest = 3.0e38;
  var found = vec2f(0.0);
  for (var k = starts[tile]; k < starts[tile + 1u]; k++) {
    let t = listed[k];
    // Triangles that face the camera run anticlockwise on the screen.
    var inside = true;
    for (var c = 0u; c < 3u; c++) {
      if (side(first, corners[3u * t + c], corners[3u * t + (c + 1u) % 3u], place) > 0.0) { inside = false; }
    }
    if (!inside) { continue; }
    let p = ${PLANE_NUMBERS}u * (at.z * v.triangles + t);
    let step = place - place_of(first + corners[3u * t]);
    let depth = planes[p] + dot(vec2f(planes[p + 1u], planes[p + 2u]), step);
    if (depth >= nearest) { continue; }
    nearest = depth;
    found = vec2f(
      planes[p + 3u] + dot(vec2f(planes[p + 4u], planes[p + 5u]), step),
      planes[p + 6u] + dot(vec2f(planes[p + 7u], planes[p + 8u]), step),
    );
  }
  let o = 2u * ((at.z * v.size + at.y) * v.size + at.x);
  out[o] = found.x;
  out[o + 1u] = found.y;
`,
});

/** Numbers that say where a map's creases are smoothed: columns and rows, both ends, and the Gaussian's radius. */
const BOX = 5;

/** Along one direction: the whole of it first across, then down. */
const SMOOTH_CREASES = kernel({
  name: 'smooth creases',
  values: { size: 'u32', along: 'u32', taps: 'u32' },
  reads: { map: 'f32', drawn: 'f32', boxes: 'i32', weights: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.size || at.y >= v.size) { return; }
  let b = ${BOX}u * at.z;
  let n = (at.z * v.size + at.y) * v.size + at.x;
  let place = vec2i(at.xy);
  let radius = boxes[b + 4u];
  // Those above and below the box, too, as smoothing down looks at them.
  let more = select(0, radius, v.along == 1u);
  if (place.x < boxes[b] || place.x >= boxes[b + 1u] || place.y < boxes[b + 2u] - more || place.y >= boxes[b + 3u] + more) {
    out[2u * n] = drawn[2u * n];
    out[2u * n + 1u] = drawn[2u * n + 1u];
    return;
  }
  var sum = vec2f(0.0);
  let count = 2u * u32(radius) + 1u;
  for (var k = 0u; k < count; k++) {
    let i = 2u * (n + k * v.along - u32(radius) * v.along);
    sum += weights[at.z * v.taps + k] * vec2f(map[i], map[i + 1u]);
  }
  out[2u * n] = sum.x;
  out[2u * n + 1u] = sum.y;
`,
});

/** The maps that `meshWarp` draws, each beyond its mesh's similarity: 2 · size² numbers a map. */
export function meshesDrawn(queue: GpuQueue, meshes: readonly FaceMesh[], size: number): GpuMemory {
  using drawn = queue.lend(2 * meshes.length * size * size);
  queue.run(DRAW_MESHES, {
    values: {
      size,
      tiles: Math.ceil(size / TILE),
      points: meshes[0].points.length / 3,
      triangles: TRIANGLES,
    },
    buffers: { corners: CORNERS, ...meshArrays(meshes, size), out: drawn },
    threads: [size, size, meshes.length],
  });
  return creasesSmoothed(
    queue,
    drawn,
    meshes.map((mesh) => creaseSmoothing(mesh, size)),
    size,
  );
}

/** Maps as `smoothCreases` leaves them. */
function creasesSmoothed(
  queue: GpuQueue,
  drawn: GpuMemory,
  smoothings: readonly CreaseSmoothing[],
  size: number,
): GpuMemory {
  const taps = Math.max(...smoothings.map(({ weights }) => weights.length));
  const weights = new Float32Array(taps * smoothings.length);
  const boxes = new Int32Array(BOX * smoothings.length);
  smoothings.forEach((smoothing, m) => {
    const { left, right, top, bottom, radius } = smoothing;
    weights.set(smoothing.weights, m * taps);
    if (left < right && top < bottom) boxes.set([left, right, top, bottom, radius], BOX * m);
  });
  const threads = [size, size, smoothings.length] as const;
  using across = queue.lend(2 * smoothings.length * size * size);
  const out = queue.lend(2 * smoothings.length * size * size);
  for (const [along, map, smoothed] of [
    [1, drawn, across],
    [size, across, out],
  ] as const) {
    queue.run(SMOOTH_CREASES, {
      values: { size, along, taps },
      buffers: { map, drawn, boxes, weights, out: smoothed },
      threads,
    });
  }
  return out;
}
