import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { encodeOnnx, type OnnxGraph } from '../../src/convert/onnx-graph.ts';
import { writeNetwork } from '../model/write-network.ts';
import type { CostlyNetwork } from './face-restorer-graph.ts';

const SIDE = 128;
/** Numbers of the vector that it is told of a person: those of the recogniser that comes with Reelmend. */
const TOLD = 192;
/**
 * Layers that make up the 138 million weights of inswapper_128's 554 MB: its widest are six pairs of 1024 channels at 32 pixels, between an
 * encoder and a decoder that halve and double twice. Counted by that, not read from the file.
 */
const LAYERS: readonly { readonly side: number; readonly from: number; readonly to: number; readonly kernel: 3 | 7 }[] =
  [
    { side: 128, from: 3, to: 128, kernel: 7 },
    { side: 128, from: 128, to: 256, kernel: 3 },
    { side: 64, from: 256, to: 512, kernel: 3 },
    { side: 32, from: 512, to: 1024, kernel: 3 },
    ...Array.from({ length: 12 }, () => ({ side: 32, from: 1024, to: 1024, kernel: 3 }) as const),
    { side: 64, from: 1024, to: 512, kernel: 3 },
    { side: 128, from: 512, to: 256, kernel: 3 },
    { side: 128, from: 256, to: 128, kernel: 3 },
  ];

/**
 * Writes a swapper of inswapper's cost that brightens and reddens the face a little: what it answers is known.
 *
 * @param width 1 = with all of inswapper's channels; ¼ = with a quarter of them, at a sixteenth of the cost
 */
export async function writeCostlySwapper(folder: string, width: number): Promise<CostlyNetwork> {
  const { graph, multiplications } = swapperGraph(width);
  const shape = [1, 3, SIDE, SIDE];
  const contract = await writeNetwork(folder, 'swapper', encodeOnnx(graph), {
    task: 'swap',
    template: { name: 'arcface_128' },
    inputs: [
      { kind: 'picture', name: 'target', shape, layout: 'NCHW', channels: 'RGB', range: [0, 1] },
      { kind: 'vector', name: 'source', shape: [1, TOLD], meaning: 'who is put in' },
    ],
    outputs: [{ name: 'output', shape, meaning: 'the face, redder' }],
    decoder: {
      ...{ kind: 'swap', target: 'target', output: 'output', range: [0, 1] },
      source: { from: 'embedding', input: 'source', recogniser: 'mobilefacenet-192', length: 'one' },
    },
    cost: 2500,
  });
  return { contract, multiplications };
}

function swapperGraph(width: number): { readonly graph: OnnxGraph; readonly multiplications: number } {
  const graph = graphBuilder();
  const target = graph.input('target', [1, 3, SIDE, SIDE]);
  const source = graph.input('source', [1, TOLD]);
  const wide = (channels: number) => (channels === 3 ? 3 : Math.max(1, Math.round(width * channels)));
  let x = target;
  let at = SIDE;
  let multiplications = 0;
  for (const { side, from, to, kernel } of LAYERS) {
    if (side > at) {
      x = graph.node('Resize', [x, '', graph.floats([4], Float32Array.of(1, 1, 2, 2))], { mode: 'nearest' });
    }
    const [a, b] = [wide(from), wide(to)];
    const spread = Math.sqrt(6 / (a * kernel * kernel));
    const weights = Float32Array.from({ length: a * b * kernel * kernel }, (_, i) => spread * Math.sin(i * 12.9898));
    const stride = side < at ? 2 : 1;
    x = graph.node('Relu', [
      graph.node('Conv', [x, graph.floats([b, a, kernel, kernel], weights)], {
        ...{ kernel_shape: [kernel, kernel], strides: [stride, stride], pads: Array(4).fill(kernel >> 1) },
      }),
    ]);
    multiplications += (side * side * kernel * kernel * a * b) / 1e9;
    at = side;
  }
  // What these layers find, and who is told, is nothing: so little of their means is added that no float changes.
  const found = graph.node('ReduceMean', [x], { axes: [1, 2, 3], keepdims: 1 });
  const told = graph.node('Reshape', [
    graph.node('ReduceMean', [source], { axes: [1], keepdims: 1 }),
    graph.integers([1, 1, 1, 1]),
  ]);
  const nothing = graph.node('Mul', [graph.node('Add', [found, told]), graph.floats([1], Float32Array.of(1e-30))]);
  const gains = graph.floats([1, 3, 1, 1], Float32Array.of(1.06, 0.98, 0.96));
  graph.output('output', graph.node('Add', [graph.node('Mul', [target, gains]), nothing]), [1, 3, SIDE, SIDE]);
  return { graph: graph.finish('swapper'), multiplications };
}
