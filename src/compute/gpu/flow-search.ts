import { DENSE_FLOW, FLOW_STEP, smoothingSigma, startsOf } from '../../motion/dense-flow.ts';
import { type FlowLattice, trustWeights } from '../../motion/flow-lattice.ts';
import type { Flow, FlowPicture, FlowSearch, FlowTemplate } from '../flows.ts';
import { flowLevels } from './flow-levels.ts';
import { type GpuFlowPicture, pictureIn } from './flow-picture.ts';
import { NODE, templateIn } from './flow-template.ts';
import type { GpuMemory } from './gpu-memory.ts';
import type { GpuQueue, HostArray } from './gpu-queue.ts';
import { kernel } from './kernel.ts';

/** Displacements on the device, of one picture or several. */
export interface GpuFlow extends Flow {
  /** Pixels of the template's finest resolution between nodes. */
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** Lattices, one after another. */
  readonly count: number;
  /** 2 · columns · rows float32 a lattice: see `FlowLattice.xy`. */
  readonly memory: GpuMemory;
}

export function flowIn(flow: Flow): GpuFlow {
  return flow as GpuFlow;
}

/** WGSL: where the coarser level (`coarse` columns and rows, one lattice a picture) says that a node lies; 0 where there is none. */
const GUESS = `
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

const SEARCH = kernel({
  name: 'flow search',
  values: {
    side: 'i32',
    columns: 'u32',
    level_first: 'u32',
    level_node: 'u32',
    total: 'u32',
    scale: 'f32',
    coarse: 'u32',
    started: 'u32',
  },
  reads: { texture: 'f32', nodes: 'f32', samples: 'f32', coarser: 'f32', starts: 'f32' },
  writes: { moved: 'f32' },
  group: [8, 8],
  functions: `
${GUESS}
const SIDE = ${DENSE_FLOW.SIDE};
const AREA = ${DENSE_FLOW.SIDE ** 2}.0;
const FAR = 3.0e38;
`,
  main: `
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  let n = at.y * v.columns + at.x;
  let o = at.z * v.columns * v.columns + n;
  moved[3u * o] = 0.0;
  moved[3u * o + 1u] = 0.0;
  moved[3u * o + 2u] = 0.0;
  let node = ${NODE}u * (v.level_node + n);
  let origin = i32(nodes[node]);
  let sure = nodes[node + 1u];
  if (origin < 0 || sure < 0.01) { return; }
  let slopes = vec2f(nodes[node + 2u], nodes[node + 3u]);
  let inverse = vec3f(nodes[node + 4u], nodes[node + 5u], nodes[node + 6u]);
  let noise = nodes[node + 7u];
  let limit = ${DENSE_FLOW.HUBER} * max(noise, 1e-4);
  var begin = guess_at(at.z, at.x, at.y);
  if (v.started == 1u) { begin += vec2f(starts[2u * o], starts[2u * o + 1u]) / v.scale; }
  // Whole pixels apart from the rest: one number would lose digits.
  let corner = vec2i(origin % v.side, origin / v.side) + vec2i(floor(begin));
  let rest_begin = begin - floor(begin);
  let first = i32(at.z * v.total + v.level_first);
  var place = rest_begin;
  var mean = 0.0;
  var error = FAR;
  for (var step = 0; step <= ${DENSE_FLOW.MOST_STEPS}; step++) {
    let whole = corner + vec2i(floor(place));
    if (whole.x < 0 || whole.y < 0 || whole.x + SIDE >= v.side || whole.y + SIDE >= v.side) {
      error = FAR;
      break;
    }
    let f = place - floor(place);
    let w11 = f.x * f.y;
    let w10 = f.y - w11;
    let w01 = f.x - w11;
    let w00 = 1.0 - f.x - w10;
    // In the first step the difference of brightness is not known, and no difference is bounded.
    let is_first = step == 0;
    let most = select(limit, FAR, is_first);
    var sum = 0.0;
    var along = vec2f(0.0);
    var squares = 0.0;
    for (var row = 0; row < SIDE; row++) {
      var p = 3u * (v.level_first + u32(origin + row * v.side));
      let q = first + (whole.y + row) * v.side + whole.x;
      var upper = samples[q];
      var lower = samples[q + v.side];
      for (var k = 1; k <= SIDE; k++) {
        let next_upper = samples[q + k];
        let next_lower = samples[q + k + v.side];
        let between = w00 * upper + w01 * next_upper + w10 * lower + w11 * next_lower;
        let d = clamp(between - texture[p] - mean, -most, most);
        upper = next_upper;
        lower = next_lower;
        squares += d * d;
        sum += d;
        along += d * vec2f(texture[p + 1u], texture[p + 2u]);
        p += 3u;
      }
    }
    let rest = sum / AREA;
    mean += rest;
    if (!is_first) { error = squares / AREA; }
    if (step == ${DENSE_FLOW.MOST_STEPS}) { break; }
    let b = along - rest * slopes;
    let d = vec2f(inverse.x * b.x + inverse.y * b.y, inverse.y * b.x + inverse.z * b.y);
    place -= d;
    if (!is_first && dot(d, d) < ${DENSE_FLOW.CLOSE ** 2}) { break; }
  }
  let d = place - rest_begin;
  // A patch that moved farther than its own side is dropped.
  if (!(error < FAR) || dot(d, d) > AREA) { return; }
  let over = error / (2.0 * noise * noise + 1e-8);
  moved[3u * o] = d.x;
  moved[3u * o + 1u] = d.y;
  moved[3u * o + 2u] = sure / (1.0 + over * over / 4.0);
`,
});

const SMOOTH_ACROSS = kernel({
  name: 'smooth flow across',
  values: { columns: 'u32', radius: 'i32' },
  reads: { moved: 'f32', weights: 'f32' },
  writes: { out: 'f32' },
  group: [8, 8],
  main: `
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  let row = (at.z * v.columns + at.y) * v.columns;
  var sum = vec3f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let n = 3u * (row + u32(clamp(i32(at.x) + k, 0, i32(v.columns) - 1)));
    let w = weights[abs(k)] * moved[n + 2u];
    sum += vec3f(w * moved[n], w * moved[n + 1u], w);
  }
  let o = 3u * (row + at.x);
  out[o] = sum.x;
  out[o + 1u] = sum.y;
  out[o + 2u] = sum.z;
`,
});

const SMOOTH_DOWN = kernel({
  name: 'smooth flow down',
  values: { columns: 'u32', radius: 'i32', bound: 'f32', coarse: 'u32', started: 'u32' },
  reads: { across: 'f32', weights: 'f32', coarser: 'f32', starts: 'f32' },
  writes: { out: 'f32' },
  group: [8, 8],
  functions: GUESS,
  main: `
  if (at.x >= v.columns || at.y >= v.columns) { return; }
  let plane = at.z * v.columns * v.columns;
  var sum = vec3f(0.0);
  for (var k = -v.radius; k <= v.radius; k++) {
    let n = 3u * (plane + u32(clamp(i32(at.y) + k, 0, i32(v.columns) - 1)) * v.columns + at.x);
    sum += weights[abs(k)] * vec3f(across[n], across[n + 1u], across[n + 2u]);
  }
  var moved = guess_at(at.z, at.x, at.y) + sum.xy / (sum.z + ${DENSE_FLOW.PRIOR});
  let far = sqrt(dot(moved, moved));
  if (far > v.bound) { moved *= v.bound / far; }
  let o = 2u * (plane + at.y * v.columns + at.x);
  if (v.started == 1u) { moved += vec2f(starts[o], starts[o + 1u]); }
  out[o] = moved.x;
  out[o + 1u] = moved.y;
`,
});

/** Where pictures are expected, on the lattice of each level, one picture after another. */
export interface FlowStarts extends Disposable {
  readonly finest: GpuMemory;
  readonly levels: readonly (GpuMemory | HostArray)[];
}

export function openStarts(queue: GpuQueue, template: FlowTemplate, starts: readonly FlowLattice[]): FlowStarts {
  const { length } = flowLevels(templateIn(template).side).levels;
  const all = starts.map((start) => startsOf(start, length));
  const [own, ...coarser] = Array.from({ length }, (_, k) => joined(all.map((levels) => levels[k].xy)));
  const finest = queue.filled(own);
  return { finest, levels: [finest, ...coarser], [Symbol.dispose]: () => finest[Symbol.dispose]() };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const [first] = rows;
  const out = new Float32Array(rows.length * first.length);
  for (const [k, row] of rows.entries()) out.set(row, k * first.length);
  return out;
}

export interface FlowsSearch extends Omit<FlowSearch, 'start'> {
  readonly starts?: FlowStarts;
}

/**
 * Where a template's parts are found in several pictures of its size, all of them searched at once: see `denseFlow`. One lattice a picture,
 * in their order (of a picture that holds several, in its own).
 */
export function flowsOf(
  queue: GpuQueue,
  template: FlowTemplate,
  pictures: readonly FlowPicture[],
  { bound, smoothing, starts }: FlowsSearch,
): GpuFlow {
  const { side, scale: patchPixels, texture, nodes } = templateIn(template);
  const { levels, total } = flowLevels(side);
  const found = pictures.map(pictureIn);
  const count = found.reduce((sum, picture) => sum + picture.count, 0);
  using samples = joinedLevels(queue, found, count * total);
  let rest: GpuMemory | null = null;
  for (let k = levels.length - 1; k >= 0; k--) {
    const { columns, first, firstNode } = levels[k];
    const scale = 2 ** k;
    using before: GpuMemory | null = rest;
    const coarser = before ?? NOTHING;
    const coarse = before ? levels[k + 1].columns : 0;
    const threads = [columns, columns, count] as const;
    const begun = starts?.levels[k] ?? NOTHING;
    using moved = queue.lend(3 * count * columns * columns);
    queue.run(SEARCH, {
      values: {
        side: levels[k].side,
        columns,
        level_first: first,
        level_node: firstNode,
        total,
        scale,
        coarse,
        started: starts ? 1 : 0,
      },
      buffers: { texture, nodes, samples, coarser, starts: begun, moved },
      threads,
    });
    const weights = Float32Array.from(trustWeights(smoothingSigma(smoothing, scale)));
    const radius = weights.length - 1;
    using across = queue.lend(3 * count * columns * columns);
    queue.run(SMOOTH_ACROSS, { values: { columns, radius }, buffers: { moved, weights, out: across }, threads });
    const out = queue.lend(2 * count * columns * columns);
    // What is found lies beyond the start until the last.
    const isLast = k === 0;
    queue.run(SMOOTH_DOWN, {
      values: { columns, radius, bound: bound / scale, coarse, started: starts && isLast ? 1 : 0 },
      buffers: { across, weights, coarser, starts: isLast ? begun : NOTHING, out },
      threads,
    });
    rest = out;
  }
  const memory = rest as unknown as GpuMemory;
  const { columns } = levels[0];
  return {
    scale: patchPixels,
    step: FLOW_STEP,
    columns,
    rows: columns,
    count,
    memory,
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  };
}

/** What stands where a kernel's array is not looked at. */
const NOTHING = new Float32Array(1);

/** The levels of all pictures one after another; those of a single one where they lie. */
function joinedLevels(queue: GpuQueue, pictures: readonly GpuFlowPicture[], numbers: number): GpuMemory {
  const [only] = pictures;
  if (pictures.length === 1) return { ...only.levels, [Symbol.dispose]() {} };
  const out = queue.lend(numbers);
  let to = 0;
  for (const { levels } of pictures) {
    const count = levels.bytes / 4;
    queue.copy(levels, out, { from: 0, to, count });
    to += count;
  }
  return out;
}
