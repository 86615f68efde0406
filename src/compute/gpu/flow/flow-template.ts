import { DENSE_FLOW } from '../../../motion/dense-flow.ts';
import type { FlowPicture, FlowTemplate } from '../../flows.ts';
import type { Image } from '../../image.ts';
import type { GpuMemory } from '../device/gpu-memory.ts';
import type { GpuQueue } from '../device/gpu-queue.ts';
import { kernel } from '../device/kernel.ts';
import { memoryOf } from '../gpu-image.ts';
import { FLOW_LEVELS, flowLevels } from './flow-levels.ts';
import { pictureIn } from './flow-picture.ts';

/** A picture made ready to be found in others. */
export interface GpuFlowTemplate extends FlowTemplate {
  /** Side of level 0, pixels. */
  readonly side: number;
  /** Of every sample of every level: the sample, and its slope to the right and down. */
  readonly texture: GpuMemory;
  /** Of every node of every level, `NODE` numbers. */
  readonly nodes: GpuMemory;
}

export function templateIn(template: FlowTemplate): GpuFlowTemplate {
  return template as GpuFlowTemplate;
}

const { SIDE, NOISE_LEFT, SLOPE_NOISE } = DENSE_FLOW;
/**
 * Numbers a node: its patch's top-left sample within the level (−1: not searched), its trust, the sums of its slopes (right, down), the
 * inverse (a b; b c) of its damped normal matrix, and the level's noise.
 */
export const NODE = 8;

const TEXTURE = kernel({
  name: 'flow texture',
  values: { side: 'u32' },
  reads: { samples: 'f32' },
  writes: { out: 'f32' },
  functions: FLOW_LEVELS,
  main: `
  let side = side_of(v.side, at.z);
  if (at.x >= side || at.y >= side) { return; }
  let first = level_start(v.side, at.z);
  let left = max(at.x, 1u) - 1u;
  let right = min(at.x + 1u, side - 1u);
  let row = first + at.y * side;
  let above = first + (max(at.y, 1u) - 1u) * side;
  let below = first + min(at.y + 1u, side - 1u) * side;
  let a = samples[above + left];
  let b = samples[above + at.x];
  let c = samples[above + right];
  let d = samples[row + left];
  let f = samples[row + right];
  let g = samples[below + left];
  let h = samples[below + at.x];
  let i = samples[below + right];
  // Between the picture's edge and its repeated neighbour the distance is one pixel, inside it is two.
  let along = select(32.0, 16.0, left == at.x || right == at.x);
  let down = select(32.0, 16.0, above == row || below == row);
  let o = 3u * (row + at.x);
  out[o] = samples[row + at.x];
  out[o + 1u] = (3.0 * (c - a + i - g) + 10.0 * (f - d)) / along;
  out[o + 2u] = (3.0 * (g - a + i - c) + 10.0 * (h - b)) / down;
`,
});

const NODES = kernel({
  name: 'flow nodes',
  values: { side: 'u32', masked: 'u32', mask_side: 'u32', scale: 'u32' },
  reads: { texture: 'f32', noise: 'f32', mask: 'f32' },
  writes: { out: 'f32' },
  group: [8, 8],
  functions: `
${FLOW_LEVELS}
const SIDE = ${SIDE}u;
const AREA = ${SIDE * SIDE}.0;
// Every second pixel of a square of level 0 is tested.
fn touches(x: u32, y: u32, side: u32) -> bool {
  for (var j = y; j < min(v.side, y + side); j += 2u) {
    for (var i = x; i < min(v.side, x + side); i += 2u) {
      if (mask[v.scale * (j * v.mask_side + i)] > 0.0) { return true; }
    }
  }
  return false;
}
`,
  main: `
  let side = side_of(v.side, at.z);
  let columns = columns_of(side);
  if (at.x >= columns || at.y >= columns) { return; }
  let o = ${NODE}u * (node_start(v.side, at.z) + at.y * columns + at.x);
  // Over pictures smaller than a patch there is nothing to search.
  let last = max(side, SIDE) - SIDE;
  let x = min(max(STEP * at.x + STEP / 2u, SIDE / 2u) - SIDE / 2u, last);
  let y = min(max(STEP * at.y + STEP / 2u, SIDE / 2u) - SIDE / 2u, last);
  let seen = v.masked == 0u || touches(x << at.z, y << at.z, SIDE << at.z);
  if (!seen || side < SIDE) {
    out[o] = -1.0;
    for (var k = 1u; k < ${NODE}u; k++) { out[o + k] = 0.0; }
    return;
  }
  let first = level_start(v.side, at.z);
  var squares = vec3f(0.0);
  var slopes = vec2f(0.0);
  for (var j = 0u; j < SIDE; j++) {
    let row = 3u * (first + (y + j) * side + x);
    for (var p = row; p < row + 3u * SIDE; p += 3u) {
      let g = vec2f(texture[p + 1u], texture[p + 2u]);
      squares += vec3f(g.x * g.x, g.x * g.y, g.y * g.y);
      slopes += g;
    }
  }
  // A patch may be brighter or darker as a whole: its mean is taken out.
  squares -= vec3f(slopes.x * slopes.x, slopes.x * slopes.y, slopes.y * slopes.y) / AREA;
  var level_noise = noise[0];
  for (var k = 0u; k < at.z; k++) { level_noise *= ${NOISE_LEFT}; }
  let damping = max(1e-7, AREA * level_noise * level_noise);
  let apart = (squares.x - squares.z) / 2.0;
  let least = (squares.x + squares.z) / 2.0 - sqrt(apart * apart + squares.y * squares.y);
  let a = squares.x + damping;
  let c = squares.z + damping;
  let determinant = a * c - squares.y * squares.y;
  let rough = max(0.0, least - ${SLOPE_NOISE} * damping);
  out[o] = f32(y * side + x);
  out[o + 1u] = rough / (rough + 2.0 * damping);
  out[o + 2u] = slopes.x;
  out[o + 3u] = slopes.y;
  out[o + 4u] = c / determinant;
  out[o + 5u] = -squares.y / determinant;
  out[o + 6u] = a / determinant;
  out[o + 7u] = level_noise;
`,
});

/** Prepares every level of a picture: see `flowTemplate` in `motion/dense-flow.ts`. */
export function flowTemplateOf(queue: GpuQueue, picture: FlowPicture, where: Image | undefined): GpuFlowTemplate {
  const { scale, side, levels: samples, noise } = pictureIn(picture);
  const { levels, total, nodes: count } = flowLevels(side);
  const texture = queue.lend(3 * total);
  queue.run(TEXTURE, { values: { side }, buffers: { samples, out: texture }, threads: [side, side, levels.length] });
  const nodes = queue.lend(NODE * count);
  const { columns } = levels[0];
  queue.run(NODES, {
    values: { side, masked: where ? 1 : 0, mask_side: where?.width ?? 0, scale },
    buffers: { texture, noise, mask: where ? memoryOf(where) : new Float32Array(1), out: nodes },
    threads: [columns, columns, levels.length],
  });
  return {
    scale,
    side,
    texture,
    nodes,
    [Symbol.dispose]() {
      texture[Symbol.dispose]();
      nodes[Symbol.dispose]();
    },
  };
}
