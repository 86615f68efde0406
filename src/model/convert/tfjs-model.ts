import { z } from 'zod';
import type { DenseTensor } from './dense-tensor.ts';
import { floatsOfHalves } from './half-float.ts';

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

const weight = z.object({
  name: z.string(),
  shape: z.array(z.number()),
  dtype: z.enum(['float32', 'int32', 'bool']),
  quantization: z
    .object({
      dtype: z.enum(['float16', 'uint8', 'uint16']),
      scale: z.number().optional(),
      min: z.number().optional(),
    })
    .optional(),
});

const signature = z.object({ outputs: z.record(z.string(), z.object({ name: z.string() })).default({}) });

/** model.json of a TensorFlow.js graph model. Unknown fields are ignored. */
const tfjsModel = z.object({
  format: z.literal('graph-model').optional(),
  signature: signature.optional(),
  modelTopology: z.object({ node: z.array(node) }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weight) })),
});

export type TfjsNode = z.infer<typeof node>;
type Weight = z.infer<typeof weight>;

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
  const weights = new Map<string, DenseTensor>();
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => shardOf(shards, path)));
    let at = 0;
    for (const entry of group.weights) {
      const length = entry.shape.reduce((n, dim) => n * dim, bytesPerElement(entry));
      if (at + length > bytes.length) throw new Error(`The weights end inside "${entry.name}".`);
      // A copy of its own, so that the typed views below begin on their element size.
      weights.set(entry.name, {
        shape: entry.shape,
        data: decode(entry, new Uint8Array(bytes.subarray(at, at + length)).buffer),
      });
      at += length;
    }
  }
  return { nodes: model.modelTopology.node, weights, outputs: model.signature?.outputs ?? {} };
}

function shardOf(shards: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const shard = shards.get(path);
  if (!shard)
    throw new Error(`The weights "${path}" are missing; there are: ${[...shards.keys()].join(', ') || 'none'}.`);
  return shard;
}

function bytesPerElement({ dtype, quantization }: Weight): number {
  if (quantization) return quantization.dtype === 'uint8' ? 1 : 2;
  return dtype === 'bool' ? 1 : 4;
}

/** Quantised weights are `q · scale + min` (TensorFlow.js, io_utils.ts decodeWeights). */
function decode({ dtype, quantization }: Weight, bytes: ArrayBuffer): Float32Array {
  if (quantization?.dtype === 'float16') return floatsOfHalves(new Uint16Array(bytes));
  if (quantization) {
    const { scale = 1, min = 0 } = quantization;
    const stored = quantization.dtype === 'uint8' ? new Uint8Array(bytes) : new Uint16Array(bytes);
    return Float32Array.from(stored, (q) => q * scale + min);
  }
  if (dtype === 'float32') return new Float32Array(bytes);
  return Float32Array.from(dtype === 'bool' ? new Uint8Array(bytes) : new Int32Array(bytes));
}
