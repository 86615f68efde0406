import type { ElementType, OnnxAttribute, OnnxGraph, OnnxNode, OnnxPort, OnnxTensor } from './onnx-graph.ts';

/** Collects the nodes and constants of a graph, and names them in order. */
export interface GraphBuilder {
  /** Adds a node of one output; returns the output's name. */
  node(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>): string;
  /** Half floats by their bits. */
  floats(dims: readonly number[], data: Float32Array | Uint16Array): string;
  /** A one-dimensional tensor of 64-bit integers, as shapes and paddings are given. */
  integers(values: readonly number[]): string;
  input(name: string, dims: readonly number[], type?: ElementType): string;
  output(name: string, value: string, dims: readonly number[], type?: ElementType): void;
  finish(name: string): OnnxGraph;
}

export function graphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const constants: OnnxTensor[] = [];
  const inputs: OnnxPort[] = [];
  const outputs: OnnxPort[] = [];

  const constant = (dims: readonly number[], data: OnnxTensor['data']): string => {
    const name = `c${constants.length}`;
    constants.push({ name, dims, data });
    return name;
  };

  return {
    node(op, from, attributes = {}) {
      const name = `v${nodes.length}`;
      nodes.push({ op, inputs: from, outputs: [name], attributes });
      return name;
    },
    floats: constant,
    integers: (values) => constant([values.length], BigInt64Array.from(values, BigInt)),
    input(name, dims, type = 'float32') {
      inputs.push({ name, dims, type });
      return name;
    },
    output(name, value, dims, type = 'float32') {
      nodes.push({ op: 'Identity', inputs: [value], outputs: [name], attributes: {} });
      outputs.push({ name, dims, type });
    },
    finish: (name) => ({ name, nodes, constants, inputs, outputs }),
  };
}
