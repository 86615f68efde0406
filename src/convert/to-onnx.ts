import { parseTfjsLayersModel } from './tfjs-layers-model.ts';
import { tfjsLayersToOnnx } from './tfjs-layers-to-onnx.ts';
import { parseTfjsModel } from './tfjs-model.ts';
import { tfjsToOnnx } from './tfjs-to-onnx.ts';
import { parseTfliteModel } from './tflite-model.ts';
import { tfliteToOnnx } from './tflite-to-onnx.ts';

/** Grows with every change that makes other ONNX bytes of the same weights. */
export const CONVERTER_VERSION = 1;

/** A file of a model as published: its name without folders, and its bytes. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * A network as an ONNX file with the named outputs. The same files give the same bytes, on every machine.
 *
 * @throws Error that says which operator or output cannot be converted.
 */
export function toOnnx(
  format: 'onnx' | 'tfjs-graph' | 'tfjs-layers' | 'tflite',
  files: readonly NamedFile[],
  outputs: readonly string[],
): Uint8Array {
  const [first, ...others] = files;
  if (!first) throw new RangeError('A model has at least one file.');
  const shards = new Map(others.map(({ name, bytes }) => [name, bytes]));
  switch (format) {
    case 'onnx':
      return first.bytes;
    case 'tflite':
      return tfliteToOnnx(parseTfliteModel(first.bytes), outputs);
    case 'tfjs-graph':
      return tfjsToOnnx(parseTfjsModel(first.bytes, shards), outputs);
    case 'tfjs-layers':
      return tfjsLayersToOnnx(parseTfjsLayersModel(first.bytes, shards), outputs);
  }
}
