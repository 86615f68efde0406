import { floatsOfHalves } from '../film/half-float.ts';
import { elementsOf } from './dense-tensor.ts';
import {
  fieldsOf,
  integersOf,
  type PiecewiseBytes,
  ProtobufError,
  type ProtoField,
  textOf,
} from './protobuf-reader.ts';

/** An input or output of a network as its file states it. */
export interface FilePort {
  readonly name: string;
  /** Of its elements, as the runtime calls it, such as `float32`; `not a tensor` where it is a list or a map. */
  readonly type: string;
  /** −1 is a size that is open; null where the file states no shape. */
  readonly dims: readonly number[] | null;
}

/** A constant of a network's file; its numbers are read when they are asked for. */
export interface FileTensor {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  /** Name of the other file that its numbers are in; null where they are in this one. */
  readonly elsewhere: string | null;
  /** Where its numbers are: a stretch of raw bytes, or fields of the message. */
  readonly fields: readonly ProtoField[];
}

/** What an ONNX file states of its network, without the weights. */
export interface OnnxFile {
  readonly producer: string;
  /** Without those that have a default among the constants. */
  readonly inputs: readonly FilePort[];
  readonly outputs: readonly FilePort[];
  /** Kinds of operators, each once; those of a domain other than ONNX's with its name before a colon. */
  readonly operators: ReadonlySet<string>;
  /** In the file's order. */
  readonly constants: readonly FileTensor[];
}

/** Bytes that are no ONNX network, or not the whole of one. The message is a sentence. */
export class OnnxFileError extends Error {
  override readonly name = 'OnnxFileError';
}

/** Names of the types of elements by their numbers (onnx.proto, TensorProto.DataType), as the runtime calls them. */
const TYPES: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
];

const typeNamed = (number: number) => TYPES[number] ?? `type ${number}`;

/**
 * What the file in `source` states of its network. Weights are not read: a file of any size takes a few reads a node.
 *
 * @throws OnnxFileError
 */
export function readOnnx(source: PiecewiseBytes): OnnxFile {
  try {
    return readModel(source);
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new OnnxFileError(`It is no ONNX file, or not the whole of one: ${cause.message}`, { cause });
  }
}

/** ModelProto: producer 2, graph 7, versions of the operators 8, which a file commonly ends with. */
function readModel(source: PiecewiseBytes): OnnxFile {
  let producer = '';
  let graph: OnnxFile | null = null;
  let hasVersion = false;
  for (const field of fieldsOf(source)) {
    if (field.number === 2) producer = textOf(source, field);
    if (field.number === 7) graph = readGraph(source, field);
    if (field.number === 8) hasVersion = true;
  }
  if (!graph) throw new OnnxFileError('It is no ONNX network: it holds no graph.');
  if (!hasVersion)
    throw new OnnxFileError('It is not the whole of an ONNX file: the version of its operators is missing.');
  return { ...graph, producer };
}

/** GraphProto: nodes 1, constants 5, inputs 11, outputs 12. */
function readGraph(source: PiecewiseBytes, graph: ProtoField): OnnxFile {
  const operators = new Set<string>();
  const constants: FileTensor[] = [];
  const inputs: FilePort[] = [];
  const outputs: FilePort[] = [];
  for (const field of inside(source, graph)) {
    if (field.number === 1) operators.add(readOperator(source, field));
    if (field.number === 5) constants.push(readTensor(source, field));
    if (field.number === 11) inputs.push(readPort(source, field));
    if (field.number === 12) outputs.push(readPort(source, field));
  }
  const defaults = new Set(constants.map(({ name }) => name));
  return { producer: '', inputs: inputs.filter(({ name }) => !defaults.has(name)), outputs, operators, constants };
}

/** NodeProto: operator 4, domain 7. */
function readOperator(source: PiecewiseBytes, node: ProtoField): string {
  let operator = '';
  let domain = '';
  for (const field of inside(source, node)) {
    if (field.number === 4) operator = textOf(source, field);
    if (field.number === 7) domain = textOf(source, field);
  }
  return domain === '' || domain === 'ai.onnx' ? operator : `${domain}:${operator}`;
}

/** Fields of a TensorProto that hold its numbers: of floats, of whole numbers to 32 bits, as raw bytes, and doubles. */
const FLOATS = 4;
const INTEGERS = 5;
const RAW = 9;
const DOUBLES = 10;

/** TensorProto: dims 1, type 2, name 8, external data 13 (names and values), where the data is 14 (1: in another file). */
function readTensor(source: PiecewiseBytes, tensor: ProtoField): FileTensor {
  const dims: number[] = [];
  const fields: ProtoField[] = [];
  let type = 'undefined';
  let name = '';
  let isElsewhere = false;
  let location = '';
  for (const field of inside(source, tensor)) {
    if (field.number === 1) dims.push(...integersOf(source, field));
    if (field.number === 2 && field.kind === 'integer') type = typeNamed(field.value);
    if (field.number === 8) name = textOf(source, field);
    if (field.number === 13) location = locationOf(source, field) ?? location;
    if (field.number === 14 && field.kind === 'integer') isElsewhere = field.value === 1;
    if ([FLOATS, INTEGERS, RAW, DOUBLES].includes(field.number)) fields.push(field);
  }
  return { name, type, dims, elsewhere: isElsewhere ? location : null, fields };
}

/** StringStringEntryProto: the value of the key "location". */
function locationOf(source: PiecewiseBytes, entry: ProtoField): string | null {
  const [key, value] = [1, 2].map((number) => {
    const found = [...inside(source, entry)].find((field) => field.number === number);
    return found ? textOf(source, found) : '';
  });
  return key === 'location' ? (value as string) : null;
}

/** ValueInfoProto: name 1, type 2; TypeProto: tensor 1; its element type 1, its shape 2. */
function readPort(source: PiecewiseBytes, port: ProtoField): FilePort {
  let name = '';
  let type = 'not a tensor';
  let dims: number[] | null = null;
  for (const field of inside(source, port)) {
    if (field.number === 1) name = textOf(source, field);
    if (field.number !== 2) continue;
    for (const kind of inside(source, field)) {
      if (kind.number !== 1) continue;
      for (const fact of inside(source, kind)) {
        if (fact.number === 1 && fact.kind === 'integer') type = typeNamed(fact.value);
        if (fact.number === 2) dims = [...inside(source, fact)].map((dim) => sizeOf(source, dim));
      }
    }
  }
  return { name, type, dims };
}

/** TensorShapeProto.Dimension: a size 1, or a word 2; a size below 1 is open too, as the runtime takes it. */
function sizeOf(source: PiecewiseBytes, dim: ProtoField): number {
  for (const field of inside(source, dim)) {
    if (field.number === 1 && field.kind === 'integer') return field.value > 0 ? field.value : -1;
  }
  return -1;
}

/** The fields of the message that a field holds. */
function inside(source: PiecewiseBytes, field: ProtoField): Generator<ProtoField> {
  if (field.kind !== 'bytes') throw new ProtobufError(`Field ${field.number} should hold a message.`);
  return fieldsOf(source, field.from, field.to);
}

/** Bytes a number. */
const WIDTHS: Readonly<Record<string, number>> = { float32: 4, float16: 2, float64: 8 };

/**
 * A constant's numbers, half floats and doubles as floats, in the order of its dimensions.
 *
 * @throws OnnxFileError where they are in another file, of another type, or fewer or more than its dimensions say.
 */
export function constantData(source: PiecewiseBytes, tensor: FileTensor): Float32Array {
  const { name, type, dims, elsewhere, fields } = tensor;
  if (elsewhere !== null) {
    throw new OnnxFileError(`The numbers of its constant "${name}" are in another file, "${elsewhere}".`);
  }
  const width = WIDTHS[type];
  if (width === undefined) throw new OnnxFileError(`Its constant "${name}" should be of floats, but is ${type}.`);
  const bytes = bytesOf(source, fields);
  const expected = elementsOf(dims) * width;
  if (bytes.length !== expected) {
    throw new OnnxFileError(`Its constant "${name}" should have ${expected} bytes, but has ${bytes.length}.`);
  }
  if (type === 'float16') return floatsOfHalves(new Uint16Array(bytes.buffer));
  return type === 'float64' ? Float32Array.from(new Float64Array(bytes.buffer)) : new Float32Array(bytes.buffer);
}

/** A tensor's raw bytes, or those of numbers in fields of their type, one after another; half floats lie in those of whole numbers. */
function bytesOf(source: PiecewiseBytes, fields: readonly ProtoField[]): Uint8Array<ArrayBuffer> {
  const parts = fields.map((field) => {
    if (field.number === INTEGERS) return new Uint8Array(Uint16Array.from(integersOf(source, field)).buffer);
    if (field.kind === 'integer') throw new ProtobufError(`Field ${field.number} should be of floats.`);
    return Uint8Array.from(source.read(field.from, field.to - field.from));
  });
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
