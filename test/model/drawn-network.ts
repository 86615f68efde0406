import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, encodeOnnx } from '../../src/convert/onnx-graph.ts';
import type { KnownNetwork } from '../../src/model/contract.ts';
import { knownNetworks } from '../../src/model/known/known-networks.ts';

/** A known network by its id. */
export async function knownNetwork(id: string): Promise<KnownNetwork> {
  const network = (await knownNetworks()).find((one) => one.id === id);
  if (!network) throw new Error(`models/known/ has no ${id}.json.`);
  return network;
}

interface Drawing {
  /** What the file calls a port; default as the known network calls it. */
  readonly rename?: (port: string) => string;
  /** What open sizes are in the file; default open, of one in the answers. */
  readonly open?: number;
}

/**
 * An ONNX file with a known network's ports and operators, which runs where it needs no operators: its answers are zeros. For a near
 * miss, give a network with a port changed.
 */
export function drawnNetwork(
  network: Pick<KnownNetwork, 'inputs' | 'outputs' | 'known'>,
  drawing: Drawing = {},
): Uint8Array {
  const { rename = (port) => port, open = -1 } = drawing;
  const graph = graphBuilder();
  const sized = (shape: readonly number[]) => shape.map((size) => (size === -1 ? open : size));
  for (const { name, shape, type } of network.inputs) graph.input(rename(name), sized(shape), type);
  for (const op of network.known.operators) graph.node(op, []);
  for (const { name, shape, type } of network.outputs) {
    const zeros = graph.node('ConstantOfShape', [graph.integers(sized(shape).map((size) => Math.max(1, size)))]);
    graph.output(rename(name), graph.node('Cast', [zeros], { to: ELEMENT_TYPES[type] }), sized(shape), type);
  }
  return encodeOnnx(graph.finish('drawn'));
}
