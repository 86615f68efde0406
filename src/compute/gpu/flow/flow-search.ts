import { DENSE_FLOW, FLOW_STEP, smoothingSigma, startsOf } from '../../../motion/dense-flow.ts';
import type { FlowLattice } from '../../../motion/flow-lattice.ts';
import type { Flow, FlowPicture, FlowSearch, FlowTemplate } from '../../flows.ts';
import type { HostArray } from '../device/gpu-arena.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel, NOTHING } from '../device/kernel.ts';
import { stackedArrays } from '../filter/plane-stacks.ts';
import { flowLevels } from './flow-levels.ts';
import { type GpuFlowPicture, pictureIn } from './flow-picture.ts';
import { GUESS, smoothedFlow } from './flow-smoothing.ts';
import { NODE, templateIn } from './flow-template.ts';

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
  const { side: finest, scale: patchPixels, texture, nodes } = templateIn(template);
  const { levels, total } = flowLevels(finest);
  const found = pictures.map(pictureIn);
  const count = found.reduce((sum, picture) => sum + picture.count, 0);
  using samples = joinedLevels(queue, found);
  /** What is found on a level after those above it; it lies beyond the start until the last. */
  const foundOn = (k: number): GpuMemory => {
    const { side, columns, first, firstNode } = levels[k];
    const scale = 2 ** k;
    const isTop = k + 1 === levels.length;
    using above = isTop ? null : foundOn(k + 1);
    const coarser = above && { memory: above, columns: levels[k + 1].columns };
    using moved = queue.lend(3 * count * columns * columns);
    queue.run(SEARCH, {
      values: {
        side,
        columns,
        level_first: first,
        level_node: firstNode,
        total,
        scale,
        coarse: coarser?.columns ?? 0,
        started: starts ? 1 : 0,
      },
      buffers: {
        texture,
        nodes,
        samples,
        coarser: above ?? NOTHING,
        starts: starts?.levels[k] ?? NOTHING,
        moved,
      },
      threads: [columns, columns, count],
    });
    return smoothedFlow(queue, moved, {
      columns,
      count,
      sigma: smoothingSigma(smoothing, scale),
      bound: bound / scale,
      coarser,
      starts: k === 0 ? starts?.finest : undefined,
    });
  };
  const memory = foundOn(0);
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

/** The levels of all pictures, which hold as many each, one after another; those of a single one where they lie. */
function joinedLevels(queue: GpuQueue, pictures: readonly GpuFlowPicture[]): GpuMemory {
  const all = pictures.map(({ levels }) => levels);
  const [only] = all;
  if (all.length === 1) return { ...only, [Symbol.dispose]() {} };
  return stackedArrays(queue, all, only.bytes / 4);
}
