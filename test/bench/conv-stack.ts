import { graphBuilder } from '../../src/convert/graph-builder.ts';
import type { OnnxGraph } from '../../src/convert/onnx-graph.ts';
import { parseContract } from '../../src/model/contract.ts';
import { heWeights } from './he-weights.ts';

/** A convolution of 3 × 3 with a ReLU; `times` as many one after another, of which the first may take steps. */
export interface Layer {
  readonly to: number;
  readonly stride?: 1 | 2;
  readonly times?: number;
}

/** A network that costs what its layers cost and means nothing. */
export interface ConvStack {
  readonly graph: OnnxGraph;
  readonly output: readonly number[];
  /** Multiplications of one run. */
  readonly multiplications: number;
}

/** Convolutions one after another on a picture of `side` × `side`, with random weights; input `input`, output `features`. */
export function convStack(name: string, side: number, layers: readonly Layer[]): ConvStack {
  const graph = graphBuilder();
  let x = graph.input('input', [1, 3, side, side]);
  let [from, wide, multiplications] = [3, side, 0];
  for (const { to, stride = 1, times = 1 } of layers) {
    for (let k = 0; k < times; k++) {
      const step = k === 0 ? stride : 1;
      wide /= step;
      const kernel = graph.floats([to, from, 3, 3], heWeights(9 * to * from, 9 * from));
      const conv = { kernel_shape: [3, 3], strides: [step, step], pads: [1, 1, 1, 1] };
      x = graph.node('Relu', [graph.node('Conv', [x, kernel], conv)]);
      multiplications += 9 * to * from * wide * wide;
      from = to;
    }
  }
  const output = [1, from, wide, wide];
  graph.output('features', x, output);
  return { graph: graph.finish(name), output, multiplications };
}

/** A contract for such a network, whose answer nobody reads; shapes of the input and of what it answers. */
export function costContract(id: string, shape: readonly number[], output: readonly number[]) {
  const contract = {
    id,
    title: `${id}, random weights`,
    task: 'recognise',
    format: 'onnx',
    files: [{ source: `file:${id}.onnx`, sha256: '0'.repeat(64) }],
    licence: { stated: 'MIT', statedIn: 'test/bench/conv-stack.ts', notStated: 'nothing' },
    provenance: 'Made by the bench.',
    template: { name: 'arcface_112_v2' },
    inputs: [{ kind: 'picture', name: 'input', shape, layout: 'NCHW', channels: 'RGB', range: [0, 1] }],
    outputs: [{ name: 'features', shape: output, meaning: 'nothing' }],
    decoder: { kind: 'embedding', output: 'features' },
    threshold: 0.5,
    cost: 100,
  };
  return parseContract(JSON.stringify(contract), id);
}

/** SCRFD-10g (Guo 2021, table 3): 10 thousand million multiplications on 640 × 480, here on 640 × 640. */
export const scrfd10g = () =>
  convStack('scrfd-10g', 640, [
    { to: 28, stride: 2, times: 2 },
    { to: 56, stride: 2, times: 7 },
    { to: 88, stride: 2, times: 9 },
    { to: 224, stride: 2, times: 6 },
  ]);

/** 2d106det: a MobileNet of half width on 192 × 192. */
export const points106 = () =>
  convStack('points-106', 192, [
    { to: 16, stride: 2 },
    { to: 32, stride: 2 },
    { to: 64, stride: 2, times: 6 },
    { to: 128, stride: 2, times: 2 },
  ]);

/** ArcFace's ResNet-50 (InsightFace, iresnet.py: 3, 4, 14 and 3 blocks of two convolutions), without its joining lines. */
export const arcfaceR50 = () =>
  convStack('arcface-r50', 112, [
    { to: 64, times: 2 },
    { to: 64, stride: 2, times: 5 },
    { to: 128 },
    { to: 128, stride: 2, times: 7 },
    { to: 256 },
    { to: 256, stride: 2, times: 27 },
    { to: 512 },
    { to: 512, stride: 2, times: 5 },
  ]);
