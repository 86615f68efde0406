import {
  type Activation,
  activate,
  combine,
  concatenate,
  convolve,
  convolveDepthwise,
  expectComputed,
  expectConstant,
  interleaved,
  map,
  maxPool,
  type Operand,
  padZeros,
  reshape,
  resize,
} from './channels-last.ts';
import { type DenseTensor, transpose } from './dense-tensor.ts';
import type { FlatTable } from './flatbuffer.ts';
import { type GraphBuilder, graphBuilder } from './graph-builder.ts';
import { encodeOnnx } from './onnx-graph.ts';
import type { SpatialWindow } from './spatial-window.ts';
import type { TfliteModel, TfliteOperator } from './tflite-model.ts';

/** BuiltinOperator numbers of schema.fbs. */
const OP = {
  ADD: 0,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  PAD: 34,
  SUB: 41,
  ABS: 101,
} as const;

/**
 * A TensorFlow Lite network of float weights as an ONNX file of one input and the named outputs; what only feeds other outputs is
 * left out.
 *
 * The batch is fixed at one picture, whatever was baked in; ports keep the model's own channels-last shapes.
 * @throws Error for an operator that the converter does not know, or an output that the model does not have.
 */
export function tfliteToOnnx(model: TfliteModel, outputs: readonly string[]): Uint8Array {
  const g = graphBuilder();
  const makers = new Map(model.operators.flatMap((operator) => operator.outputs.map((tensor) => [tensor, operator])));
  const done = new Map<number, Operand>();
  for (const tensor of model.inputs) {
    const { name, shape: stored } = tensorAt(model, tensor);
    const shape = [1, ...stored.slice(1)];
    done.set(tensor, { name: g.input(name, shape), shape, planar: false });
  }

  const operandOf = (tensor: number): Operand => {
    const known = done.get(tensor);
    if (known) return known;
    const { name, constant } = tensorAt(model, tensor);
    const maker = makers.get(tensor);
    if (!constant && !maker) throw new Error(`Nothing computes the tensor "${name}".`);
    const result = constant ?? lower(g, maker as TfliteOperator, (k) => optional((maker as TfliteOperator).inputs[k]));
    done.set(tensor, result);
    return result;
  };
  const optional = (tensor: number | undefined): Operand | null =>
    tensor === undefined || tensor < 0 ? null : operandOf(tensor);

  const names = new Map(model.outputs.map((tensor) => [tensorAt(model, tensor).name, tensor]));
  for (const output of outputs) {
    const tensor = names.get(output);
    if (tensor === undefined)
      throw new Error(`The network has no output "${output}"; it has: ${[...names.keys()].join(', ')}.`);
    const result = interleaved(g, expectComputed(operandOf(tensor)));
    g.output(output, result.name, result.shape);
  }
  return encodeOnnx(g.finish('tflite'));
}

function tensorAt(model: TfliteModel, index: number) {
  const tensor = model.tensors[index];
  if (!tensor) throw new Error(`The file names a tensor ${index} of ${model.tensors.length}.`);
  return tensor;
}

function lower(g: GraphBuilder, operator: TfliteOperator, input: (k: number) => Operand | null): Operand {
  const { options } = operator;
  switch (operator.code) {
    case OP.ADD:
      return activate(g, combine(g, 'Add', present(input(0)), present(input(1))), activation(options, 0));
    case OP.MUL:
      return activate(g, combine(g, 'Mul', present(input(0)), present(input(1))), activation(options, 0));
    case OP.SUB:
      return activate(g, combine(g, 'Sub', present(input(0)), present(input(1))), activation(options, 0));
    case OP.DEQUANTIZE:
      // Half floats were widened when the file was read.
      return present(input(0));
    case OP.RELU:
      return map(g, 'Relu', expectComputed(input(0)));
    case OP.ABS:
      return map(g, 'Abs', expectComputed(input(0)));
    case OP.CONV_2D: {
      // Stored as channels out, height, width, channels in.
      const filter = transpose(expectConstant(input(1)), [1, 2, 3, 0]);
      const window = windowOf(options, [filter.shape[0] as number, filter.shape[1] as number], [4, 5]);
      return activate(
        g,
        convolve(g, expectComputed(input(0)), { weights: filter, bias: bias(input(2)), window }),
        activation(options, 3),
      );
    }
    case OP.DEPTHWISE_CONV_2D: {
      // Stored as 1, height, width, channels · multiplier.
      const { shape, data } = expectConstant(input(1));
      const x = expectComputed(input(0));
      const [, height, width, out] = shape as [number, number, number, number];
      const channels = x.shape[3] as number;
      const filter = { shape: [height, width, channels, out / channels], data };
      const window = windowOf(options, [height, width], [5, 6]);
      return activate(
        g,
        convolveDepthwise(g, x, { weights: filter, bias: bias(input(2)), window }),
        activation(options, 4),
      );
    }
    case OP.MAX_POOL_2D: {
      const kernel = [field(options, 4), field(options, 3)] as const;
      return activate(g, maxPool(g, expectComputed(input(0)), windowOf(options, kernel, null)), activation(options, 5));
    }
    case OP.PAD: {
      const amounts = [...expectConstant(input(1)).data];
      return padZeros(
        g,
        expectComputed(input(0)),
        amounts.filter((_, k) => k % 2 === 0),
        amounts.filter((_, k) => k % 2 === 1),
      );
    }
    case OP.RESHAPE:
      return reshape(
        g,
        expectComputed(input(0)),
        options?.ints(0).length ? options.ints(0) : [...expectConstant(input(1)).data],
      );
    case OP.RESIZE_BILINEAR: {
      const [height = 1, width = 1] = expectConstant(input(1)).data;
      const mode = options?.bool(3) ? 'half_pixel' : options?.bool(2) ? 'align_corners' : 'asymmetric';
      return resize(g, expectComputed(input(0)), [height, width], mode);
    }
    case OP.CONCATENATION: {
      const values = operator.inputs.map((_, k) => expectComputed(input(k)));
      return activate(g, concatenate(g, values, options?.int(0, 32, 0) ?? 0), activation(options, 1));
    }
    default:
      throw new Error(
        `The operator number ${operator.code} (schema.fbs, BuiltinOperator) is not known to the converter.`,
      );
  }
}

/** Padding and strides are the first three fields of all windowed operators; `dilation` says where the dilations are. */
function windowOf(
  options: FlatTable | null,
  kernel: readonly [number, number],
  dilation: readonly [number, number] | null,
): SpatialWindow {
  return {
    kernel,
    strides: [field(options, 2), field(options, 1)],
    dilations: dilation ? [field(options, dilation[1]), field(options, dilation[0])] : [1, 1],
    padding: (options?.int(0, 8, 0) ?? 0) === 0 ? 'same' : 'valid',
  };
}

function field(options: FlatTable | null, index: number): number {
  return options?.int(index, 32, 1) ?? 1;
}

/** ActivationFunctionType of the schema: 0 NONE, 1 RELU, 3 RELU6. */
function activation(options: FlatTable | null, index: number): Activation {
  const code = options?.int(index, 8, 0) ?? 0;
  const known = ({ 0: 'none', 1: 'relu', 3: 'relu6' } as const)[code];
  if (!known) throw new Error(`The fused activation number ${code} is not known to the converter.`);
  return known;
}

function present(operand: Operand | null): Operand {
  if (!operand) throw new Error('An operator lacks an input.');
  return operand;
}

function bias(operand: Operand | null): DenseTensor | null {
  return operand && expectConstant(operand);
}
