import { basename } from 'node:path';
import { constantData, OnnxFileError, readOnnx } from '../convert/onnx-file.ts';
import { openFileBytes } from '../disk/file-bytes.ts';

/**
 * The last constant of the network at `path`, with its dimensions: inswapper's matrix, which turns a recogniser's vector into its own.
 *
 * @throws OnnxFileError where it has none of floats.
 */
export function lastConstant(path: string): { readonly dims: readonly number[]; readonly data: Float32Array } {
  using source = openFileBytes(path);
  const last = readOnnx(source).constants.at(-1);
  if (!last) throw new OnnxFileError(`${basename(path)} has no constants.`);
  return { dims: last.dims, data: constantData(source, last) };
}
