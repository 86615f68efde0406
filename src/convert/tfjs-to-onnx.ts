import {
  type Activation,
  activate,
  combine,
  concatenate,
  connect,
  convolve,
  convolveDepthwise,
  expectComputed,
  expectConstant,
  interleaved,
  map,
  maxPool,
  meanOverPicture,
  type Operand,
  padZeros,
  prelu,
  reshape,
  type Value,
} from './channels-last.ts';
import type { DenseTensor } from './dense-tensor.ts';
import { type GraphBuilder, graphBuilder } from './graph-builder.ts';
import { encodeOnnx } from './onnx-graph.ts';
import type { SpatialWindow } from './spatial-window.ts';
import type { TfjsModel, TfjsNode } from './tfjs-model.ts';

/** TensorFlow operators that map every element or pair of elements, and ONNX's names of them. */
const MAPS: Readonly<Record<string, string>> = {
  Relu: 'Relu',
  Sigmoid: 'Sigmoid',
  Abs: 'Abs',
  Exp: 'Exp',
  Tanh: 'Tanh',
};
const COMBINATIONS: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  BiasAdd: 'Add',
  Sub: 'Sub',
  Mul: 'Mul',
  Minimum: 'Min',
  Maximum: 'Max',
};

/**
 * A TensorFlow.js graph model as an ONNX file of one input and the named outputs; what only feeds other outputs is left out.
 *
 * The batch is fixed at one picture; ports keep the model's own channels-last shapes.
 * @throws Error for an operator that the converter does not know, or an output that the model does not have.
 */
export function tfjsToOnnx(model: TfjsModel, outputs: readonly string[]): Uint8Array {
  const g = graphBuilder();
  const nodes = new Map(model.nodes.map((node) => [node.name, node]));
  const done = new Map<string, Operand>();

  const operandOf = (reference: string): Operand => {
    const name = reference.replace(/^\^/, '').replace(/:0$/, '');
    const known = done.get(name);
    if (known) return known;
    const node = nodes.get(name);
    if (!node)
      throw new Error(`The graph has no node "${name}"; its outputs are: ${Object.keys(model.outputs).join(', ')}.`);
    const result = node.op === 'Const' ? constantOf(model, name) : lower(g, node, node.input.map(operandOf));
    done.set(name, result);
    return result;
  };

  for (const output of outputs) {
    const result = interleaved(g, expectComputed(operandOf(model.outputs[output]?.name ?? output)));
    g.output(output, result.name, result.shape);
  }
  return encodeOnnx(g.finish('tfjs'));
}

function constantOf(model: TfjsModel, name: string): DenseTensor {
  const tensor = model.weights.get(name);
  if (!tensor) throw new Error(`The weights of "${name}" are missing.`);
  return tensor;
}

function lower(g: GraphBuilder, node: TfjsNode, inputs: readonly Operand[]): Operand {
  const combination = COMBINATIONS[node.op];
  if (combination) return combine(g, combination, at(inputs, 0), at(inputs, 1));
  const mapping = MAPS[node.op];
  if (mapping) return map(g, mapping, expectComputed(inputs[0]));
  switch (node.op) {
    case 'Placeholder': {
      const shape = (node.attr['shape']?.shape?.dim ?? []).map((dim) => (dim.size < 0 ? 1 : dim.size));
      return { name: g.input(node.name, shape), shape, planar: false };
    }
    case 'Identity':
      return at(inputs, 0);
    case 'Conv2D':
    case '_FusedConv2D':
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2dNative': {
      const weights = expectConstant(inputs[1]);
      const { bias, finish } = fusedTail(g, node, inputs);
      const apply = node.op.includes('Depthwise') ? convolveDepthwise : convolve;
      const [height, width] = weights.shape as [number, number];
      const window = windowOf(node, [height, width]);
      return finish(apply(g, expectComputed(inputs[0]), { weights, bias, window }));
    }
    case '_FusedMatMul':
    case 'MatMul': {
      if (node.attr['transpose_a']?.b || node.attr['transpose_b']?.b)
        throw new Error(`"${node.name}" transposes a factor.`);
      const { bias, finish } = fusedTail(g, node, inputs);
      return finish(connect(g, expectComputed(inputs[0]), expectConstant(inputs[1]), bias));
    }
    case 'Prelu':
      return prelu(g, expectComputed(inputs[0]), expectConstant(inputs[1]));
    case 'Relu6':
      return activate(g, expectComputed(inputs[0]), 'relu6');
    case 'MaxPool': {
      const [, height = 1, width = 1] = node.attr['ksize']?.list?.i ?? [];
      return maxPool(g, expectComputed(inputs[0]), windowOf(node, [height, width]));
    }
    case 'Pad': {
      const amounts = [...expectConstant(inputs[1]).data];
      return padZeros(
        g,
        expectComputed(inputs[0]),
        amounts.filter((_, k) => k % 2 === 0),
        amounts.filter((_, k) => k % 2 === 1),
      );
    }
    case 'Reshape':
      return reshape(g, expectComputed(inputs[0]), [...expectConstant(inputs[1]).data]);
    case 'Mean': {
      const axes = [...expectConstant(inputs[1]).data].join();
      if (axes !== '1,2') throw new Error(`"${node.name}" takes the mean over axes ${axes}; 1,2 was expected.`);
      return meanOverPicture(g, expectComputed(inputs[0]), node.attr['keep_dims']?.b ?? false);
    }
    case 'Softmax': {
      const x = interleaved(g, expectComputed(inputs[0]));
      return { ...x, name: g.node('Softmax', [x.name], { axis: -1 }) };
    }
    case 'ConcatV2':
      return concatenate(g, inputs.slice(0, -1).map(expectComputed), expectConstant(inputs.at(-1)).data[0] ?? 0);
    default:
      throw new Error(`The operator ${node.op} ("${node.name}") is not known to the converter.`);
  }
}

/** What is fused behind a convolution or matrix product: its bias, and the activation that follows. */
function fusedTail(g: GraphBuilder, node: TfjsNode, inputs: readonly Operand[]) {
  const fused = (node.attr['fused_ops']?.list?.s ?? []).map((text) => Buffer.from(text, 'base64').toString());
  const bias = fused[0] === 'BiasAdd' ? expectConstant(inputs[2]) : null;
  const [tail = 'none', ...more] = bias ? fused.slice(1) : fused;
  if (more.length > 0) throw new Error(`"${node.name}" fuses ${fused.join(', ')}.`);
  const finish = (x: Value): Value =>
    tail === 'Prelu' ? prelu(g, x, expectConstant(inputs[3])) : activate(g, x, activationOf(node, tail));
  return { bias, finish };
}

function activationOf(node: TfjsNode, name: string): Activation {
  const activation = ({ none: 'none', Relu: 'relu', Relu6: 'relu6' } as const)[name];
  if (!activation) throw new Error(`"${node.name}" fuses the activation ${name}, which is not known to the converter.`);
  return activation;
}

function windowOf(node: TfjsNode, kernel: readonly [number, number]): SpatialWindow {
  const [, strideY = 1, strideX = 1] = node.attr['strides']?.list?.i ?? [];
  const [, dilationY = 1, dilationX = 1] = node.attr['dilations']?.list?.i ?? [];
  const padding = Buffer.from(node.attr['padding']?.s ?? '', 'base64').toString();
  if (padding !== 'SAME' && padding !== 'VALID')
    throw new Error(`"${node.name}" pads ${padding || 'nothing'}; SAME or VALID was expected.`);
  return {
    kernel,
    strides: [strideY, strideX],
    dilations: [dilationY, dilationX],
    padding: padding === 'SAME' ? 'same' : 'valid',
  };
}

function at(inputs: readonly Operand[], k: number): Operand {
  const operand = inputs[k];
  if (!operand) throw new Error(`An operator lacks its input ${k}.`);
  return operand;
}
