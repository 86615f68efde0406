import { graphBuilder } from '../../src/convert/graph-builder.ts';
import type { OnnxGraph } from '../../src/convert/onnx-graph.ts';

export const RESTORER_SIDE = 512;
/**
 * Sides and channels of the levels of GFPGAN's generator (StyleGAN2 of 512 pixels, gfpganv1_clean_arch.py), and how many convolutions of
 * 3 × 3 at each make its cost. Counted layer by layer, its generator takes 113 thousand million multiplications, the conditions of its
 * features 42, its encoder and decoder some 33.
 */
const LEVELS = [
  { side: 512, channels: 64 },
  { side: 256, channels: 128 },
  { side: 128, channels: 256 },
  { side: 64, channels: 512 },
] as const;
const CONVOLUTIONS = 5;
/** Side of the square whose mean is taken from the picture, and how much of the difference is added. */
const SQUARE = 9;
const SHARPENED = 1.5;

/** A network with the ports of GFPGAN, and the multiplications of one run, thousand millions. */
export interface RestorerGraph {
  readonly graph: OnnxGraph;
  readonly multiplications: number;
}

/**
 * A restorer of faces of GFPGAN's cost that sharpens the face a little: what it finds is known, its cost the real one's.
 *
 * @param width 1 = with all of GFPGAN's channels; ¼ = with a quarter of them, at a sixteenth of the cost
 */
export function faceRestorerGraph(width = 1): RestorerGraph {
  const graph = graphBuilder();
  const shape = [1, 3, RESTORER_SIDE, RESTORER_SIDE];
  const input = graph.input('input', shape);
  const conv = (x: string, from: number, to: number, kernel: number, stride = 1) =>
    graph.node(
      'Conv',
      [x, graph.floats([to, from, kernel, kernel], spread(to * from * kernel * kernel, from * kernel * kernel))],
      { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: Array(4).fill(kernel >> 1) },
    );
  let x = input;
  let known = 3;
  let multiplications = 0;
  for (const { side, channels } of LEVELS) {
    const count = Math.max(1, Math.round(width * channels));
    x = graph.node('Relu', [conv(x, known, count, 3, side === RESTORER_SIDE ? 1 : 2)]);
    multiplications += (side * side * 9 * known * count) / 1e9;
    for (let k = 1; k < CONVOLUTIONS; k++) {
      x = graph.node('Relu', [conv(x, count, count, 3)]);
      multiplications += (side * side * 9 * count * count) / 1e9;
    }
    known = count;
  }
  // What these layers find is nothing: so little of their mean is added that no float changes.
  const mean = graph.node('ReduceMean', [x], { axes: [1, 2, 3], keepdims: 1 });
  const nothing = graph.node('Mul', [mean, graph.floats([1], Float32Array.of(1e-30))]);
  const soft = graph.node(
    'Conv',
    [input, graph.floats([3, 1, SQUARE, SQUARE], new Float32Array(3 * SQUARE * SQUARE).fill(1 / SQUARE ** 2))],
    { kernel_shape: [SQUARE, SQUARE], pads: Array(4).fill(SQUARE >> 1), group: 3 },
  );
  const finer = graph.node('Mul', [graph.node('Sub', [input, soft]), graph.floats([1], Float32Array.of(SHARPENED))]);
  graph.output('output', graph.node('Add', [graph.node('Add', [input, finer]), nothing]), shape);
  return { graph: graph.finish('face-restorer'), multiplications };
}

/** Random weights of a layer's usual spread (He 2015), from a linear congruential generator: the values cost nothing to make. */
function spread(count: number, fanIn: number): Float32Array {
  const most = Math.sqrt(6 / fanIn);
  let state = count;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (most * state) / 2 ** 31;
  });
}
