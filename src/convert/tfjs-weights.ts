import { z } from 'zod';
import { floatsOfHalves } from '../film/half-float.ts';
import type { DenseTensor } from './dense-tensor.ts';

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

/** The part of a TensorFlow.js model.json that says what lies in which shard. */
export const weightsManifestSchema = z.array(z.object({ paths: z.array(z.string()), weights: z.array(weight) }));

type Weight = z.infer<typeof weight>;

/**
 * The weights of a TensorFlow.js model unpacked to 32-bit floats, by name; `shards` by the file names that the manifest gives them.
 *
 * @throws Error where a shard is missing or too short.
 */
export function unpackWeights(
  manifest: z.infer<typeof weightsManifestSchema>,
  shards: ReadonlyMap<string, Uint8Array>,
): Map<string, DenseTensor> {
  const weights = new Map<string, DenseTensor>();
  for (const group of manifest) {
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
  return weights;
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
