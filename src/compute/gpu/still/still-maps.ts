import type { Image } from '../../image.ts';
import type { WarpMap } from '../../warps.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import type { GpuFlow } from '../flow/flow-search.ts';
import { imageIn, memoryOf } from '../gpu-image.ts';
import { cubicSampling } from '../plate/cubic.ts';
import { mapIn } from './face-maps.ts';

// Maps of stills, one after another: of each entry how far right and down it leads beyond the entry's own place in full. One 32-bit number
// of a place far from 0 would lose digits; of how far it lies away it keeps them.

/** Maps on the device. Closed by whoever asked. */
export interface StillMaps extends Disposable {
  readonly count: number;
  /** Entries across, and pixels of the face and the stills. */
  readonly side: number;
  readonly size: number;
  /** 2 · side² float32 a map. */
  readonly memory: GpuMemory;
}

const PLACE_MAPS = kernel({
  name: 'place maps of stills',
  values: { side: 'u32' },
  reads: { map: 'f32', order: 'u32', similarities: 'f32' },
  writes: { out: 'f32' },
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let k = 4u * at.z;
  // How much larger the similarity is than what counts as standing still.
  let a = similarities[k];
  let b = similarities[k + 1u];
  let place = vec2f(at.xy) + 0.5;
  let n = at.y * v.side + at.x;
  let i = 2u * (order[2u * at.z] * v.side * v.side + n);
  let o = 2u * (order[2u * at.z + 1u] * v.side * v.side + n);
  out[o] = a * place.x - b * place.y + similarities[k + 2u] + map[i];
  out[o + 1u] = b * place.x + a * place.y + similarities[k + 3u] + map[i + 1u];
`,
});

/** Maps of one side of stills of `size`². */
export function stillMaps(queue: GpuQueue, maps: readonly WarpMap[], size: number): StillMaps {
  const own = maps.map(mapIn);
  const [{ size: side }] = own;
  const scale = size / side;
  const memory = queue.lend(2 * maps.length * side * side);
  for (const stack of new Set(own.map((map) => map.stack))) {
    const some = own.flatMap((map, k) => (map.stack === stack ? [{ ...map, k }] : []));
    queue.run(PLACE_MAPS, {
      values: { side },
      buffers: {
        map: stack.memory,
        order: Uint32Array.from(some.flatMap(({ index, k }) => [index, k])),
        similarities: Float32Array.from(some.flatMap(({ toSource: { a, b, tx, ty } }) => [a - scale, b, tx, ty])),
        out: memory,
      },
      threads: [side, side, some.length],
    });
  }
  return mapsIn(memory, { count: maps.length, side, size });
}

function mapsIn(memory: GpuMemory, shape: Pick<StillMaps, 'count' | 'side' | 'size'>): StillMaps {
  return { ...shape, memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
}

const SAMPLE = kernel({
  name: 'sample stills by map',
  values: { side: 'u32', size: 'i32', scale: 'f32', stills: 'u32' },
  reads: { luma: 'f32', beyond: 'f32', face: 'f32' },
  writes: { out: 'f32' },
  functions: cubicSampling('luma'),
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let n = at.y * v.side + at.x;
  let area = v.side * v.side;
  let o = at.z * area + n;
  if (at.z == v.stills) {
    out[o] = face[n];
    return;
  }
  // Half a pixel lies between an edge and the sample's centre, at which it is counted.
  let place = vec2f(at.xy) * v.scale;
  let moved = vec2f(beyond[2u * o], beyond[2u * o + 1u]) + 0.5 * v.scale - 0.5;
  let whole = floor(moved);
  out[o] = cubic(at.z * u32(v.size * v.size), vec2i(v.size), vec2i(place) + vec2i(whole), moved - whole);
`,
});

/** Stills (planes) at every entry of their maps, bicubic; behind them the face at that side, so that one blur finds the light of all. */
export function sampledByMaps(queue: GpuQueue, stills: Image, maps: StillMaps, face: Image): Image {
  const { side, size, count } = maps;
  const out = queue.lend((count + 1) * side * side);
  queue.run(SAMPLE, {
    values: { side, size, scale: size / side, stills: count },
    buffers: { luma: memoryOf(stills), beyond: maps.memory, face: memoryOf(face), out },
    threads: [side, side, count + 1],
  });
  return imageIn(out, { width: side, height: side, planes: count + 1 });
}

const DISPLACE = kernel({
  name: 'displace maps',
  values: { side: 'u32', scale: 'f32', per_step: 'f32', columns: 'u32', rows: 'u32' },
  reads: { beyond: 'f32', flow: 'f32' },
  writes: { out: 'f32' },
  functions: `
fn node(n: u32) -> vec2f { return vec2f(flow[2u * n], flow[2u * n + 1u]); }
fn flow_at(plane: u32, x: f32, y: f32) -> vec2f {
  let u = clamp(x * v.per_step - 0.5, 0.0, f32(v.columns) - 1.0);
  let w = clamp(y * v.per_step - 0.5, 0.0, f32(v.rows) - 1.0);
  let i = min(u32(u), max(v.columns, 2u) - 2u);
  let j = min(u32(w), max(v.rows, 2u) - 2u);
  let fu = u - f32(i);
  let fw = w - f32(j);
  let a = plane + j * v.columns + i;
  let right = select(0u, 1u, v.columns > 1u);
  let c = a + select(0u, v.columns, v.rows > 1u);
  let above = node(a) + fu * (node(a + right) - node(a));
  let below = node(c) + fu * (node(c + right) - node(c));
  return above + fw * (below - above);
}
fn entry(n: u32) -> vec2f { return vec2f(beyond[2u * n], beyond[2u * n + 1u]); }
`,
  main: `
  if (at.x >= v.side || at.y >= v.side) { return; }
  let here = vec2f(at.xy);
  let found = flow_at(at.z * v.columns * v.rows, here.x + 0.5, here.y + 0.5);
  let last = f32(v.side) - 1.001;
  // The fraction is the displacement's own: added to a place it would lose digits.
  let step = clamp(found, -here, last - here);
  let whole = floor(step);
  let f = step - whole;
  let corner = at.xy + vec2u(vec2i(whole));
  let a = at.z * v.side * v.side + corner.y * v.side + corner.x;
  let above = entry(a) + f.x * (entry(a + 1u) - entry(a));
  let below = entry(a + v.side) + f.x * (entry(a + v.side + 1u) - entry(a + v.side));
  let moved = v.scale * step + above + f.y * (below - above);
  let o = 2u * ((at.z * v.side + at.y) * v.side + at.x);
  out[o] = moved.x;
  out[o + 1u] = moved.y;
`,
});

/** Maps as looked up where the flow of each leads, bilinear. */
export function displacedMaps(queue: GpuQueue, maps: StillMaps, flow: GpuFlow): StillMaps {
  const { side, size, count } = maps;
  const { step, columns, rows } = flow;
  const memory = queue.lend(2 * count * side * side);
  queue.run(DISPLACE, {
    values: { side, scale: size / side, per_step: 1 / step, columns, rows },
    buffers: { beyond: maps.memory, flow: flow.memory, out: memory },
    threads: [side, side, count],
  });
  return mapsIn(memory, { count, side, size });
}

const SAMPLE_IN_FULL = kernel({
  name: 'sample stills in full',
  values: { side: 'i32', size: 'i32', scale: 'f32', per_scale: 'f32' },
  reads: { luma: 'f32', beyond: 'f32', gain: 'f32', looked: 'f32', face: 'f32' },
  writes: { out: 'f32' },
  functions: `${cubicSampling('luma')}
fn entry(n: i32) -> vec2f { return vec2f(beyond[2 * n], beyond[2 * n + 1]); }
`,
  main: `
  let size = u32(v.size);
  if (at.x >= size || at.y >= size) { return; }
  let n = at.y * size + at.x;
  let o = at.z * size * size + n;
  if (!(looked[n] > 0.0)) {
    out[o] = face[n];
    return;
  }
  let place = vec2f(at.xy);
  let near = clamp((place + 0.5) * v.per_scale - 0.5, vec2f(0.0), vec2f(f32(v.side) - 1.0));
  let corner = min(vec2i(near), vec2i(v.side - 2));
  let f = near - vec2f(corner);
  let p = (i32(at.z) * v.side + corner.y) * v.side + corner.x;
  let q = p + v.side;
  let a = (1.0 - f.x) * (1.0 - f.y);
  let b = f.x * (1.0 - f.y);
  let c = (1.0 - f.x) * f.y;
  let d = f.x * f.y;
  // Before the first entry and behind the last the map stands still.
  let beside = v.scale * (near + 0.5) - 0.5 - place;
  let moved = beside + a * entry(p) + b * entry(p + 1) + c * entry(q) + d * entry(q + 1);
  let whole = floor(moved);
  let sample = cubic(at.z * size * size, vec2i(v.size), vec2i(at.xy) + vec2i(whole), moved - whole);
  out[o] = (a * gain[p] + b * gain[p + 1] + c * gain[q] + d * gain[q + 1]) * sample;
`,
});

/** What is sampled in full through maps and gains of a smaller side. */
interface FullStills {
  /** A plane a still. */
  readonly luma: Image;
  readonly maps: StillMaps;
  readonly gain: GpuMemory;
  readonly where: Image;
  /** What stands where `where` is 0. */
  readonly outside: Image;
}

/** Stills through their maps, bicubic, times their gains; both are bilinear between their entries. */
export function stillsInFull(queue: GpuQueue, { luma, maps, gain, where, outside }: FullStills): Image {
  const { side, size, count } = maps;
  const out = queue.lend(count * size * size);
  queue.run(SAMPLE_IN_FULL, {
    values: { side, size, scale: size / side, per_scale: side / size },
    buffers: {
      luma: memoryOf(luma),
      beyond: maps.memory,
      gain,
      looked: memoryOf(where),
      face: memoryOf(outside),
      out,
    },
    threads: [size, size, count],
  });
  return imageIn(out, luma);
}
