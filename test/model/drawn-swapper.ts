import { type GraphBuilder, graphBuilder } from '../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, type ElementType, encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { writeNetwork } from './write-network.ts';

/** A swapper whose answer is a known function: of each pixel `colours` · rgb + `shift`, and of the source. In its own samples. */
export interface DrawnSwapper {
  readonly id: string;
  readonly side: number;
  /** Of the pictures that go in and come out, in the network's own samples. */
  readonly range: unknown;
  readonly answerRange: unknown;
  readonly template: string;
  /** Three rows of three. */
  readonly colours: readonly number[];
  readonly shift: readonly number[];
  readonly type: ElementType;
  /** The contract's `decoder.source`, its input named "source". */
  readonly source: Readonly<Record<string, unknown>>;
  /** Shape of the source, and what each of its numbers, or channels where it is a picture, adds to red. */
  readonly sourceShape: readonly number[];
  readonly red: readonly number[];
  /** The matrix that is the last constant. */
  readonly emap?: { readonly dims: readonly [number, number]; readonly data: Float32Array | Uint16Array };
}

export const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** What the tests begin with: a network that gives back what it is shown, in 0 … 1. */
export const PLAIN = {
  side: 64,
  range: [0, 1],
  answerRange: [0, 1],
  template: 'arcface_128',
  colours: IDENTITY,
  shift: [0, 0, 0],
  type: 'float32',
} as const;

/** Writes the network and its contract into a folder; the path of the contract. */
export async function writeSwapper(folder: string, drawn: DrawnSwapper): Promise<string> {
  const { id, side, type, template, range, answerRange, source, sourceShape } = drawn;
  const isPicture = sourceShape.length === 4;
  const bytes = encodeOnnx(swapperGraph(drawn));
  return writeNetwork(folder, id, bytes, {
    task: 'swap',
    template: { name: template },
    inputs: [
      { kind: 'picture', name: 'target', shape: [1, 3, side, side], type, layout: 'NCHW', channels: 'RGB', range },
      isPicture
        ? {
            ...{ kind: 'picture', name: 'source', shape: sourceShape, type, layout: 'NCHW', channels: 'RGB' },
            ...{ range: [0, 1], template: { name: 'arcface_112_v2' } },
          }
        : { kind: 'vector', name: 'source', shape: sourceShape, type, meaning: 'who is put in' },
    ],
    outputs: [{ name: 'output', shape: [1, 3, side, side], type, meaning: 'the face' }],
    decoder: { kind: 'swap', target: 'target', source, output: 'output', range: answerRange },
  });
}

function swapperGraph({ side, type, colours, shift, sourceShape, red, emap }: DrawnSwapper) {
  const graph = graphBuilder();
  const floats = (name: string) => graph.node('Cast', [name], { to: ELEMENT_TYPES.float32 });
  const target = floats(graph.input('target', [1, 3, side, side], type));
  const source = floats(graph.input('source', sourceShape, type));
  const turned = graph.node(
    'Conv',
    [target, graph.floats([3, 3, 1, 1], Float32Array.from(colours)), graph.floats([3], Float32Array.from(shift))],
    { kernel_shape: [1, 1] },
  );
  const numbers = sourceShape.length === 4 ? flat(graph, graph.node('GlobalAveragePool', [source]), 3) : source;
  const weights = Float32Array.from({ length: 3 * red.length }, (_, i) => (i % 3 === 0 ? (red[i / 3] as number) : 0));
  const added = graph.node('Reshape', [
    graph.node('MatMul', [numbers, graph.floats([red.length, 3], weights)]),
    graph.integers([1, 3, 1, 1]),
  ]);
  const answer = graph.node('Cast', [graph.node('Add', [turned, added])], { to: ELEMENT_TYPES[type] });
  graph.output('output', answer, [1, 3, side, side], type);
  if (emap) graph.floats(emap.dims, emap.data);
  return graph.finish('swapper');
}

/** Writes a recogniser whose vector is `always` and, for each number, so much of the crop's mean red, green and blue. */
export async function writeRecogniser(
  folder: string,
  id: string,
  {
    always,
    ofMeans = always.map(() => [0, 0, 0]),
  }: { readonly always: readonly number[]; readonly ofMeans?: readonly (readonly number[])[] },
): Promise<string> {
  const graph = graphBuilder();
  const input = graph.input('input', [-1, 3, 112, 112]);
  const means = flat(graph, graph.node('GlobalAveragePool', [input]), 3);
  const weights = Float32Array.from({ length: 3 * always.length }, (_, i) => {
    return (ofMeans[i % always.length] as readonly number[])[Math.floor(i / always.length)] as number;
  });
  const vector = graph.node('Add', [
    graph.node('MatMul', [means, graph.floats([3, always.length], weights)]),
    graph.floats([1, always.length], Float32Array.from(always)),
  ]);
  graph.output('embedding', vector, [-1, always.length]);
  return writeNetwork(folder, id, encodeOnnx(graph.finish('recogniser')), {
    task: 'recognise',
    template: { name: 'arcface_112_v2' },
    inputs: [
      { kind: 'picture', name: 'input', shape: [1, 3, 112, 112], layout: 'NCHW', channels: 'RGB', range: [-1, 1] },
    ],
    outputs: [{ name: 'embedding', shape: [1, always.length], meaning: 'who' }],
    decoder: { kind: 'embedding', output: 'embedding' },
  });
}

/** Writes a network that turns vectors of one length into such of another: a row times `matrix`, in rows. */
export async function writeTranslator(
  folder: string,
  id: string,
  [from, to]: readonly [number, number],
  matrix: Float32Array,
): Promise<string> {
  const graph = graphBuilder();
  const input = graph.input('input', [-1, from]);
  graph.output('output', graph.node('MatMul', [input, graph.floats([from, to], matrix)]), [-1, to]);
  return writeNetwork(folder, id, encodeOnnx(graph.finish('translator')), {
    task: 'translate',
    template: { name: 'any' },
    inputs: [{ kind: 'vector', name: 'input', shape: [-1, from], meaning: 'as one recogniser has it' }],
    outputs: [{ name: 'output', shape: [-1, to], meaning: 'as another has it' }],
    decoder: { kind: 'vector', input: 'input', output: 'output' },
  });
}

function flat(graph: GraphBuilder, value: string, count: number): string {
  return graph.node('Reshape', [value, graph.integers([1, count])]);
}
