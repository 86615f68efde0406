import { encodeMessage, type ProtoWriter } from './protobuf.ts';

/** A constant of a graph. `dims` is empty for a scalar; numbers of 16 bits are the bits of half floats. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint16Array | BigInt64Array;
}

/** An integer, a list of integers, text, or a 32-bit float. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Types of elements, and their numbers in ONNX (onnx.proto, TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int64: 7, float16: 10, float64: 11 } as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** An input or output of a graph, of 32-bit floats unless stated; a dimension of −1 is open. */
export interface OnnxPort {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type?: ElementType;
}

/** A network of operators of `OPSET`, its nodes in an order in which they can be run. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** The oldest operator set in which every operator that is emitted has its present form; old enough for every runtime in use. */
const OPSET = 13;
/** The file format's version that goes with it (onnx/docs/Versioning.md). */
const IR_VERSION = 7;

/** The graph as an ONNX file (onnx.proto, ModelProto). The same graph gives the same bytes. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  return encodeMessage((model) => {
    model.int(1, IR_VERSION);
    model.string(2, 'reelmend');
    model.message(7, (w) => writeGraph(w, graph));
    model.message(8, (opset) => {
      opset.string(1, '');
      opset.int(2, OPSET);
    });
  });
}

function writeGraph(w: ProtoWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) w.message(1, (inner) => writeNode(inner, node));
  w.string(2, graph.name);
  for (const tensor of graph.constants) w.message(5, (inner) => writeTensor(inner, tensor));
  for (const port of graph.inputs) w.message(11, (inner) => writePort(inner, port));
  for (const port of graph.outputs) w.message(12, (inner) => writePort(inner, port));
}

function writeNode(w: ProtoWriter, node: OnnxNode): void {
  for (const name of node.inputs) w.string(1, name);
  for (const name of node.outputs) w.string(2, name);
  w.string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes))
    w.message(5, (inner) => writeAttribute(inner, name, value));
}

/** AttributeProto: the value in the field of its type, and the type's number in field 20. */
function writeAttribute(w: ProtoWriter, name: string, value: OnnxAttribute): void {
  w.string(1, name);
  if (typeof value === 'number') {
    w.int(3, value);
    w.int(20, 2);
  } else if (typeof value === 'string') {
    w.string(4, value);
    w.int(20, 3);
  } else if ('float' in value) {
    w.float(2, value.float);
    w.int(20, 1);
  } else {
    for (const v of value) w.int(8, v);
    w.int(20, 7);
  }
}

function writeTensor(w: ProtoWriter, tensor: OnnxTensor): void {
  const { data } = tensor;
  for (const dim of tensor.dims) w.int(1, dim);
  w.int(2, ELEMENT_TYPES[typeOf(data)]);
  w.string(8, tensor.name);
  w.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function typeOf(data: OnnxTensor['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Uint16Array ? 'float16' : 'int64';
}

function writePort(w: ProtoWriter, port: OnnxPort): void {
  w.string(1, port.name);
  w.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.int(1, ELEMENT_TYPES[port.type ?? 'float32']);
      tensor.message(2, (shape) => {
        // A dimension without a value is open (onnx.proto, TensorShapeProto).
        for (const dim of port.dims) shape.message(1, (d) => dim >= 0 && d.int(1, dim));
      });
    }),
  );
}
