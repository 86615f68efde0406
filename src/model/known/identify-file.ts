import { basename, extname } from 'node:path';
import { type OnnxFile, OnnxFileError, readOnnx } from '../../convert/onnx-file.ts';
import { openFileBytes } from '../../disk/file-bytes.ts';
import type { KnownNetwork } from '../contract.ts';
import { type Identity, identifyNetwork } from './identify-network.ts';

/** What a file is, and what it states of itself. */
export interface IdentifiedFile {
  readonly identity: Identity;
  readonly file: OnnxFile;
}

/**
 * Which of the known networks the file at `path` is. Its weights are not read.
 *
 * @throws OnnxFileError where it is no ONNX network, not the whole of one, or one whose weights are in another file.
 */
export function identifyFile(path: string, networks: readonly KnownNetwork[]): IdentifiedFile {
  using source = openFileBytes(path);
  const file = readOnnx(source);
  const elsewhere = file.constants.find((one) => one.elsewhere !== null)?.elsewhere;
  if (elsewhere !== undefined) {
    throw new OnnxFileError(
      `Its weights are in another file, "${elsewhere}", of which its hash would say nothing. Join them in Python: onnx.save(onnx.load("${basename(path)}"), "joined.onnx"), and import joined.onnx.`,
    );
  }
  return { identity: identifyNetwork(file, basename(path, extname(path)), networks), file };
}
