import { type GraphBuilder, graphBuilder } from '../../src/convert/graph-builder.ts';
import { ELEMENT_TYPES, type ElementType, encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { writeNetwork } from './write-network.ts';

const { float32 } = ELEMENT_TYPES;

/** What a drawn face restorer is. */
export interface DrawnEnhancer {
  readonly side: number;
  /** Of its picture and its answer; default 32-bit floats. */
  readonly type?: 'float32' | 'float16';
  readonly layout?: 'NCHW' | 'NHWC';
  readonly channels?: 'RGB' | 'BGR';
  /** What black and white are in the picture, and in the answer; default −1 … 1 as GFPGAN has them. */
  readonly range?: readonly [number, number];
  readonly answerRange?: readonly [number, number];
  readonly template?: string;
  /** True: it has a second input "weight" of one 64-bit float, as CodeFormer's; default ½. */
  readonly hasWeight?: boolean;
  /** What it makes of the picture, a value of the type `type`; by default the picture itself. `weight` is a 32-bit float. */
  readonly answer?: (graph: GraphBuilder, picture: string, weight: string) => string;
}

/** Writes a graph with the ports of face restorers into a folder, and a contract for it. Returns the contract's path, which is its id to the library. */
export async function drawnEnhancer(folder: string, name: string, drawn: DrawnEnhancer): Promise<string> {
  const { side, type = 'float32', layout = 'NCHW', channels = 'RGB', template = 'ffhq', hasWeight } = drawn;
  const { range = [-1, 1], answerRange = range, answer = (_graph, picture) => picture } = drawn;
  const shape = layout === 'NCHW' ? [1, 3, side, side] : [1, side, side, 3];
  const graph = graphBuilder();
  const picture = graph.input('input', shape, type);
  const weight = hasWeight ? graph.node('Cast', [graph.input('weight', [1], 'float64')], { to: float32 }) : '';
  graph.output('output', answer(graph, picture, weight), shape, type);
  return writeNetwork(folder, name, encodeOnnx(graph.finish(name)), {
    task: 'restore',
    template: { name: template },
    inputs: [
      { kind: 'picture', name: 'input', shape, type, layout, channels, range },
      ...(hasWeight
        ? [{ kind: 'scalar', name: 'weight', type: 'float64' satisfies ElementType, meaning: 'fidelity', value: 0.5 }]
        : []),
    ],
    outputs: [{ name: 'output', shape, type, meaning: 'the face, restored' }],
    decoder: {
      kind: 'picture',
      output: 'output',
      range: answerRange,
      ...(hasWeight ? { weight: 'weight' } : {}),
    },
  });
}

/** A value of a graph in another type of elements. */
export function castTo(graph: GraphBuilder, value: string, type: ElementType): string {
  return graph.node('Cast', [value], { to: ELEMENT_TYPES[type] });
}
