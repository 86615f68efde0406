import { type GraphBuilder, graphBuilder } from '../../src/convert/graph-builder.ts';
import type { OnnxGraph } from '../../src/convert/onnx-graph.ts';
import { heWeights } from './he-weights.ts';

const STACKS = 4;
const DEPTH = 4;
const CHANNELS = 256;
const POINTS = 68;
export const FAN_SIDE = 256;

/**
 * The face alignment network of four stacked hourglasses (Bulat 2017, arXiv:1703.07332; the layers of 1adrianb/face-alignment,
 * which 2dfan4.onnx is), with random weights: its answers mean nothing, its cost is the real one's.
 */
export function fanGraph(): OnnxGraph {
  const graph = graphBuilder();
  const conv = (x: string, from: number, to: number, kernel: number, stride = 1) =>
    graph.node(
      'Conv',
      [x, graph.floats([to, from, kernel, kernel], heWeights(to * from * kernel * kernel, from * kernel * kernel))],
      { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: Array(4).fill(kernel >> 1) },
    );
  const norm = (x: string, channels: number) => {
    const all = (value: number) => graph.floats([channels], new Float32Array(channels).fill(value));
    return graph.node('BatchNormalization', [x, all(1), all(0), all(0), all(1)]);
  };
  const relu = (x: string) => graph.node('Relu', [x]);
  const add = (a: string, b: string) => graph.node('Add', [a, b]);
  const halve = (x: string) => graph.node('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const block = (x: string, from: number, to: number): string => {
    const a = conv(relu(norm(x, from)), from, to / 2, 3);
    const b = conv(relu(norm(a, to / 2)), to / 2, to / 4, 3);
    const c = conv(relu(norm(b, to / 4)), to / 4, to / 4, 3);
    const wide = graph.node('Concat', [a, b, c], { axis: 1 });
    return add(wide, from === to ? x : conv(relu(norm(x, from)), from, to, 1));
  };
  const hourglass = (x: string, level: number): string => {
    const same = (y: string) => block(y, CHANNELS, CHANNELS);
    const low = same(halve(x));
    const inner = same(level > 1 ? hourglass(low, level - 1) : same(low));
    return add(same(x), doubled(graph, inner));
  };

  const input = graph.input('input', [1, 3, FAN_SIDE, FAN_SIDE]);
  const stem = relu(norm(conv(input, 3, 64, 7, 2), 64));
  let x = block(block(halve(block(stem, 64, 128)), 128, 128), 128, CHANNELS);
  let maps = x;
  for (let stack = 0; stack < STACKS; stack++) {
    const features = block(hourglass(x, DEPTH), CHANNELS, CHANNELS);
    const last = relu(norm(conv(features, CHANNELS, CHANNELS, 1), CHANNELS));
    maps = conv(last, CHANNELS, POINTS, 1);
    if (stack < STACKS - 1) x = add(x, add(conv(last, CHANNELS, CHANNELS, 1), conv(maps, POINTS, CHANNELS, 1)));
  }
  graph.output('heatmaps', maps, [1, POINTS, 64, 64]);
  return graph.finish('fan-4');
}

function doubled(graph: GraphBuilder, x: string): string {
  const scales = graph.floats([4], Float32Array.of(1, 1, 2, 2));
  return graph.node('Resize', [x, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** Weights of a graph, and the multiplications of one run of its convolutions on the sizes that `fanGraph` has. */
export function weightsOf(graph: OnnxGraph): number {
  return graph.constants.reduce((sum, { data }) => sum + data.length, 0);
}
