import { z } from 'zod';
import {
  activate,
  combine,
  concatenate,
  convolve,
  enlargeNearest,
  expectComputed,
  interleaved,
  map,
  type Value,
} from './channels-last.ts';
import type { DenseTensor } from './dense-tensor.ts';
import { type GraphBuilder, graphBuilder } from './graph-builder.ts';
import { encodeOnnx } from './onnx-graph.ts';
import type { TfjsLayer, TfjsLayersModel } from './tfjs-layers-model.ts';

const pair = z.tuple([z.int(), z.int()]);
const activationName = z.enum(['linear', 'relu', 'sigmoid', 'tanh']);

/** The fields that each kind of layer is converted by (Keras' own names). */
const inputFields = z.object({ batch_input_shape: z.array(z.int().nullable()) });
const convolutionFields = z.object({
  kernel_size: pair,
  strides: pair,
  dilation_rate: pair,
  padding: z.enum(['same', 'valid']),
  activation: activationName,
  use_bias: z.boolean(),
  data_format: z.literal('channels_last'),
});
const activationFields = z.object({ activation: activationName });
const concatenationFields = z.object({ axis: z.int() });
const enlargementFields = z.object({
  size: pair,
  interpolation: z.literal('nearest').default('nearest'),
  data_format: z.literal('channels_last'),
});

/**
 * A TensorFlow.js layers model as an ONNX file of one input and the named outputs, which are names of layers.
 *
 * The batch is fixed at one picture; ports keep the model's own channels-last shapes. A side that the model leaves open stays open
 * (−1): such a network takes pictures of any size.
 * @throws Error for a layer that the converter does not know, or an output that the model does not have.
 */
export function tfjsLayersToOnnx(model: TfjsLayersModel, outputs: readonly string[]): Uint8Array {
  const g = graphBuilder();
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const done = new Map<string, Value>();

  const answerOf = (name: string): Value => {
    const known = done.get(name);
    if (known) return known;
    const layer = layers.get(name);
    if (!layer) throw new Error(`The network has no layer "${name}"; its outputs are: ${model.outputs.join(', ')}.`);
    const result = lower(g, layer, layer.inputs.map(answerOf), (part) => weightOf(model, layer, part));
    done.set(name, result);
    return result;
  };

  for (const output of outputs) {
    const result = interleaved(g, answerOf(output));
    g.output(output, result.name, result.shape);
  }
  return encodeOnnx(g.finish('tfjs'));
}

function weightOf(model: TfjsLayersModel, { name }: TfjsLayer, part: string): DenseTensor {
  const tensor = model.weights.get(`${name}/${part}`);
  if (!tensor) throw new Error(`The weights of "${name}/${part}" are missing.`);
  return tensor;
}

function lower(
  g: GraphBuilder,
  layer: TfjsLayer,
  inputs: readonly Value[],
  weight: (part: string) => DenseTensor,
): Value {
  const { kind, name } = layer;
  const fields = <T>(schema: z.ZodType<T>): T => {
    const found = schema.safeParse(layer.config);
    if (found.success) return found.data;
    throw new Error(`The layer "${name}" (${kind}) cannot be converted: ${z.prettifyError(found.error)}`);
  };
  const x = () => expectComputed(inputs[0]);
  switch (kind) {
    case 'InputLayer': {
      const [, ...sides] = fields(inputFields).batch_input_shape;
      const shape = [1, ...sides.map((side) => side ?? -1)];
      return { name: g.input(name, shape), shape, planar: false };
    }
    case 'Conv2D': {
      const { kernel_size, strides, dilation_rate, padding, activation, use_bias } = fields(convolutionFields);
      const window = { kernel: kernel_size, strides, dilations: dilation_rate, padding };
      const y = convolve(g, x(), { weights: weight('kernel'), bias: use_bias ? weight('bias') : null, window });
      return activated(g, y, activation);
    }
    case 'Activation':
      return activated(g, x(), fields(activationFields).activation);
    case 'Add':
      return inputs.slice(1).reduce((sum, value) => combine(g, 'Add', sum, value), x());
    case 'Concatenate':
      return concatenate(g, inputs, fields(concatenationFields).axis);
    case 'UpSampling2D':
      return enlargeNearest(g, x(), fields(enlargementFields).size);
    default:
      throw new Error(`The layer ${kind} ("${name}") is not known to the converter.`);
  }
}

function activated(g: GraphBuilder, x: Value, name: z.infer<typeof activationName>): Value {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return activate(g, x, 'relu');
    case 'sigmoid':
      return map(g, 'Sigmoid', x);
    case 'tanh':
      return map(g, 'Tanh', x);
  }
}
