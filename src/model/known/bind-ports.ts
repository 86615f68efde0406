import type { FilePort, OnnxFile } from '../../convert/onnx-file.ts';
import { batchFault, takesSeveral } from '../batch-fault.ts';
import type { KnownNetwork } from '../contract.ts';
import { type InputPort, nameInFile, type OutputPort } from '../port.ts';

/** A known network's ports with a file's own names, types and sizes. */
export interface BoundPorts {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
}

/** A known network beside a file: its ports bound to the file's, or what differs, in sentences without their full stops. */
export type Binding = { readonly bound: BoundPorts } | { readonly differences: readonly string[] };

type Port = InputPort | OutputPort;

/** Types whose numbers the runtime is given and asked for as floats. */
const FLOATS: readonly string[] = ['float16', 'float32', 'float64'];

/**
 * Finds a file's port for each of a known network's: one of its shape and type, of the same name where there is one, else the first
 * that is free in the file's order. Floats of any width are alike; every input of the file is fed, outputs may be left over.
 */
export function bindPorts(network: KnownNetwork, file: OnnxFile): Binding {
  const differences = [
    ...sideDifferences('input', network.inputs, file.inputs),
    ...sideDifferences('output', network.outputs, file.outputs),
    ...operatorDifferences(network, file),
  ];
  if (differences.length > 0) return { differences };
  const inputs = bind(network.inputs, file.inputs).map((port) => sized(port, network.known.side));
  return { bound: several(network, { inputs, outputs: bind(network.outputs, file.outputs) }, file) };
}

/** A detector's ports with the first size open, where the file's picture has it open and every answer follows; else as they are. */
function several(network: KnownNetwork, bound: BoundPorts, { inputs, outputs }: OnnxFile): BoundPorts {
  const isOpen = (port: Port, ports: readonly FilePort[]) =>
    ports.find(({ name }) => name === nameInFile(port))?.dims?.[0] === -1;
  const opened = <P extends Port>(port: P): P => ({ ...port, shape: [-1, ...port.shape.slice(1)] });
  const batch = {
    inputs: bound.inputs.map((port) => (port.kind === 'picture' && isOpen(port, inputs) ? opened(port) : port)),
    outputs: bound.outputs.map((port) => (isOpen(port, outputs) ? opened(port) : port)),
  };
  return batch.inputs.some(takesSeveral) && batchFault(network.task, batch) === null ? batch : bound;
}

/** An input whose sides are those that the network is run at where neither it nor the file states them. */
function sized(port: InputPort, side = -1): InputPort {
  return port.kind === 'picture' ? { ...port, shape: port.shape.map((size) => (size === -1 ? side : size)) } : port;
}

function bind<P extends Port>(ports: readonly P[], found: readonly FilePort[]): P[] {
  const mates = matesOf(ports, found);
  return ports.map((port, k) => {
    const { name, type, dims } = mates[k] as FilePort;
    return {
      ...port,
      ...(name !== port.name && { inFile: name }),
      type,
      shape: dims ? boundShape(port.shape, dims) : port.shape,
    };
  });
}

/** For each port the file's one, null where none is left that fits. As many as can be have one. */
function matesOf(ports: readonly Port[], found: readonly FilePort[]): (FilePort | null)[] {
  const mates: (FilePort | null)[] = ports.map(() => null);
  const owner = new Map<FilePort, number>();
  /** Gives a port its mate; a mate that is taken passes on where its owner has another (Kuhn 1955). */
  const give = (k: number, tried: Set<FilePort>): boolean => {
    const port = ports[k] as Port;
    const fitting = found.filter((one) => fits(port, one));
    const ordered = [
      ...fitting.filter(({ name }) => name === port.name),
      ...fitting.filter((one) => one.name !== port.name),
    ];
    for (const one of [...ordered.filter((mate) => !owner.has(mate)), ...ordered.filter((mate) => owner.has(mate))]) {
      if (tried.has(one)) continue;
      tried.add(one);
      const had = owner.get(one);
      if (had !== undefined && !give(had, tried)) continue;
      owner.set(one, k);
      mates[k] = one;
      return true;
    }
    return false;
  };
  const isNamed = (port: Port) => found.some((one) => one.name === port.name && fits(port, one));
  const order = [...ports.keys()];
  for (const k of order.filter((one) => isNamed(ports[one] as Port))) give(k, new Set());
  for (const k of order.filter((one) => mates[one] === null)) give(k, new Set());
  return mates;
}

function fits(port: Port, { type, dims }: FilePort): boolean {
  const isType = type === port.type || (FLOATS.includes(type) && FLOATS.includes(port.type));
  // A file need not state the shape of what it computes; the runtime then knows it, and checks it against the contract.
  if (dims === null) return isType && !('kind' in port);
  const isPicture = 'kind' in port && port.kind === 'picture';
  if (isPicture && dims.length !== port.shape.length) return false;
  return isType && hasShape(port.shape, dims);
}

/** Whether sizes are those of a shape, but for leading axes of one, which may be left out or be open: a batch. */
function hasShape(shape: readonly number[], dims: readonly number[]): boolean {
  const axes = Math.max(shape.length, dims.length);
  for (let back = 1; back <= axes; back++) {
    const expected = shape.at(-back);
    const size = dims.at(-back);
    if (back > shape.length || back > dims.length) {
      if ((expected ?? 1) !== 1 || Math.abs(size ?? 1) !== 1) return false;
    } else if (expected !== size && expected !== -1 && size !== -1) return false;
  }
  return true;
}

/** A known network's shape with as many axes as the file's, its open sizes as the file has them. */
function boundShape(shape: readonly number[], dims: readonly number[]): number[] {
  return dims.map((size, axis) => {
    const expected = shape[shape.length - dims.length + axis] ?? 1;
    return expected === -1 ? size : expected;
  });
}

function sideDifferences(side: 'input' | 'output', ports: readonly Port[], found: readonly FilePort[]): string[] {
  const mates = matesOf(ports, found);
  const left = found.filter((one) => !mates.includes(one));
  const missing = ports.filter((_, k) => mates[k] === null);
  const sentences = missing.map((port) => {
    const near =
      left.find(({ name }) => name === port.name) ?? left.find(({ dims }) => dims?.length === port.shape.length);
    const other = near ?? left[0];
    if (!other) return `it has no ${side} for "${port.name}", ${written(port.type, port.shape)}`;
    left.splice(left.indexOf(other), 1);
    return `its ${side} "${other.name}" should be ${written(port.type, port.shape)}, but is ${portText(other)}`;
  });
  const surplus = side === 'input' ? left : [];
  return [...sentences, ...surplus.map((one) => `it has one more input, "${one.name}", ${portText(one)}`)];
}

function operatorDifferences({ known }: KnownNetwork, { operators }: OnnxFile): string[] {
  return [
    ...known.operators.filter((one) => !operators.has(one)).map((one) => `it has no operator ${one}`),
    ...known.lacks.filter((one) => operators.has(one)).map((one) => `it has the operator ${one}`),
  ];
}

/** A port's type and sizes, such as `float32 [1, 3, ?, ?]`: a size that is open is a question mark. */
export function portText({ type, dims }: FilePort): string {
  return dims ? written(type, dims) : `${type} of any shape`;
}

function written(type: string, dims: readonly number[]): string {
  return `${type} [${dims.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
}
