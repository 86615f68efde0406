import { floatsOfHalves } from '../film/half-float.ts';
import type { DenseTensor } from './dense-tensor.ts';
import { elementsOf } from './dense-tensor.ts';
import { type FlatTable, rootTable } from './flatbuffer.ts';

interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The stored numbers of a constant; null where the tensor is computed. */
  readonly constant: DenseTensor | null;
}

export interface TfliteOperator {
  /** Number of the operator (schema.fbs, BuiltinOperator); `CUSTOM` is 32. */
  readonly code: number;
  /** Indices of tensors; −1 is an optional input left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The operator's own options; null where it has none. */
  readonly options: FlatTable | null;
}

/** The first subgraph of a TensorFlow Lite file. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads a TensorFlow Lite file (tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3): the fields that the converter needs.
 *
 * @throws Error where the bytes are no TensorFlow Lite file.
 */
export function parseTfliteModel(bytes: Uint8Array): TfliteModel {
  const kind = new TextDecoder().decode(bytes.subarray(4, 8));
  if (kind !== 'TFL3')
    throw new Error(`"TFL3" was expected at byte 4, got "${kind}": this is no TensorFlow Lite file.`);
  const model = rootTable(bytes);
  const codes = model.tables(1).map(operatorCode);
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const [graph] = model.tables(2);
  if (!graph) throw new Error('The file holds no graph.');
  return {
    tensors: graph.tables(0).map((tensor) => readTensor(tensor, buffers)),
    inputs: graph.ints(1),
    outputs: graph.ints(2),
    operators: graph.tables(3).map((operator) => ({
      code: codes[operator.int(0, 32, 0)] as number,
      inputs: operator.ints(1),
      outputs: operator.ints(2),
      options: operator.table(4),
    })),
  };
}

/** The number moved from 8 to 32 bits when there were more than 127; the larger of the two fields counts. */
function operatorCode(code: FlatTable): number {
  return Math.max(code.int(0, 8, 0), code.int(3, 32, 0));
}

function readTensor(tensor: FlatTable, buffers: readonly Uint8Array[]): TfliteTensor {
  const shape = tensor.ints(0);
  const name = tensor.string(3);
  const stored = buffers[tensor.int(2, 32, 0)];
  if (!stored?.length) return { name, shape, constant: null };
  const data = decode(tensor.int(1, 8, 0), new Uint8Array(stored).buffer);
  if (!data) throw new Error(`The tensor "${name}" is of a number type that the converter does not know.`);
  if (data.length !== elementsOf(shape)) throw new Error(`The tensor "${name}" is sparse or cut short.`);
  return { name, shape, constant: { shape, data } };
}

/** TensorType of the schema: 0 FLOAT32, 1 FLOAT16, 2 INT32. */
function decode(type: number, bytes: ArrayBuffer): Float32Array | null {
  if (type === 0) return new Float32Array(bytes);
  if (type === 1) return floatsOfHalves(new Uint16Array(bytes));
  return type === 2 ? Float32Array.from(new Int32Array(bytes)) : null;
}
