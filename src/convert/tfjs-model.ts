import { z } from 'zod';
import type { DenseTensor } from './dense-tensor.ts';
import { unpackWeights, weightsManifestSchema } from './tfjs-weights.ts';

const dims = z.object({ dim: z.array(z.object({ size: z.coerce.number() })).optional() });

/** The forms of a node's attribute (tensorflow/core/framework/attr_value.proto, as JSON); text is base64. */
const attribute = z.object({
  s: z.string().optional(),
  i: z.coerce.number().optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  shape: dims.optional(),
  list: z.object({ s: z.array(z.string()).optional(), i: z.array(z.coerce.number()).optional() }).optional(),
});

const node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
});

const signature = z.object({ outputs: z.record(z.string(), z.object({ name: z.string() })).default({}) });

/** model.json of a TensorFlow.js graph model. Unknown fields are ignored. */
const tfjsModel = z.object({
  format: z.literal('graph-model').optional(),
  signature: signature.optional(),
  modelTopology: z.object({ node: z.array(node) }),
  weightsManifest: weightsManifestSchema,
});

export type TfjsNode = z.infer<typeof node>;

/** A TensorFlow.js graph model, its weights unpacked to 32-bit floats by name. */
export interface TfjsModel {
  readonly nodes: readonly TfjsNode[];
  readonly weights: ReadonlyMap<string, DenseTensor>;
  /** What the model calls an output, and the node it comes from (`Identity:0`). */
  readonly outputs: Readonly<Record<string, { readonly name: string }>>;
}

/**
 * Reads a graph model from its model.json and its weight shards, by the file names that the manifest gives them.
 *
 * @throws Error where a shard is missing or too short, zod's where the JSON is no graph model.
 */
export function parseTfjsModel(json: Uint8Array, shards: ReadonlyMap<string, Uint8Array>): TfjsModel {
  const model = tfjsModel.parse(JSON.parse(new TextDecoder().decode(json)));
  return {
    nodes: model.modelTopology.node,
    weights: unpackWeights(model.weightsManifest, shards),
    outputs: model.signature?.outputs ?? {},
  };
}
