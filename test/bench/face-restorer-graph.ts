import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { encodeOnnx, type OnnxGraph } from '../../src/convert/onnx-graph.ts';
import { writeNetwork } from '../model/write-network.ts';
import { heWeights } from './he-weights.ts';

const RESTORER_SIDE = 512;
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

/** A drawn network of a real one's cost. */
export interface CostlyNetwork {
  /** Path of its contract. */
  readonly contract: string;
  /** Of one run, thousand millions. */
  readonly multiplications: number;
}

/**
 * Writes a restorer of faces with GFPGAN's ports and cost that sharpens the face a little: what it answers is known.
 *
 * @param width 1 = with all of GFPGAN's channels; ¼ = with a quarter of them, at a sixteenth of the cost
 */
export async function writeFaceRestorer(folder: string, width: number): Promise<CostlyNetwork> {
  const { graph, multiplications } = faceRestorerGraph(width);
  const shape = [1, 3, RESTORER_SIDE, RESTORER_SIDE];
  const contract = await writeNetwork(folder, 'face-restorer', encodeOnnx(graph), {
    task: 'restore',
    template: { name: 'ffhq' },
    inputs: [{ kind: 'picture', name: 'input', shape, layout: 'NCHW', channels: 'RGB', range: [-1, 1] }],
    outputs: [{ name: 'output', shape, meaning: 'the face, sharpened' }],
    decoder: { kind: 'picture', output: 'output', range: [-1, 1] },
    cost: 8000,
  });
  return { contract, multiplications };
}

function faceRestorerGraph(width: number): { readonly graph: OnnxGraph; readonly multiplications: number } {
  const graph = graphBuilder();
  const shape = [1, 3, RESTORER_SIDE, RESTORER_SIDE];
  const input = graph.input('input', shape);
  const conv = (x: string, from: number, to: number, kernel: number, stride = 1) =>
    graph.node(
      'Conv',
      [x, graph.floats([to, from, kernel, kernel], heWeights(to * from * kernel * kernel, from * kernel * kernel))],
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
