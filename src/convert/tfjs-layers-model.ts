import { z } from 'zod';
import type { DenseTensor } from './dense-tensor.ts';
import { unpackWeights, weightsManifestSchema } from './tfjs-weights.ts';

/** What a layer does; each kind of layer has fields of its own. */
const config = z.looseObject({ name: z.string() });

/** Where an input comes from: a layer's name, which of its calls, and which of that call's outputs. */
const inbound = z.tuple([z.string(), z.int(), z.int()]).rest(z.unknown());

const layer = z.object({ class_name: z.string(), config, inbound_nodes: z.array(z.array(inbound)) });

/** model.json of a TensorFlow.js layers model that Keras' functional interface made. Unknown fields are ignored. */
const layersModel = z.object({
  format: z.literal('layers-model'),
  modelTopology: z.object({
    model_config: z.object({
      class_name: z.enum(['Functional', 'Model']),
      config: z.object({ layers: z.array(layer), output_layers: z.array(inbound) }),
    }),
  }),
  weightsManifest: weightsManifestSchema,
});

export interface TfjsLayer {
  readonly kind: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers whose outputs go into it. */
  readonly inputs: readonly string[];
}

/** A TensorFlow.js layers model of which every layer is used once, its weights unpacked by name (`conv1/kernel`). */
export interface TfjsLayersModel {
  readonly layers: readonly TfjsLayer[];
  readonly weights: ReadonlyMap<string, DenseTensor>;
  /** Names of the layers that answer. */
  readonly outputs: readonly string[];
}

/**
 * Reads a layers model from its model.json and its weight shards, by the file names that the manifest gives them.
 *
 * @throws Error where a shard is missing or too short or a layer is used twice, zod's where the JSON is no such model.
 */
export function parseTfjsLayersModel(json: Uint8Array, shards: ReadonlyMap<string, Uint8Array>): TfjsLayersModel {
  const { modelTopology, weightsManifest } = layersModel.parse(JSON.parse(new TextDecoder().decode(json)));
  const { layers, output_layers } = modelTopology.model_config.config;
  return {
    layers: layers.map(({ class_name: kind, config, inbound_nodes: [inputs = [], ...others] }) => {
      if (others.length > 0) throw new Error(`The layer "${config.name}" is used more than once.`);
      return { kind, name: config.name, config, inputs: inputs.map(([from]) => from) };
    }),
    weights: unpackWeights(weightsManifest, shards),
    outputs: output_layers.map(([name]) => name),
  };
}
