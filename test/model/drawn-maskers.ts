import { type GraphBuilder, graphBuilder } from '../../src/convert/graph-builder.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import { writeNetwork } from './write-network.ts';

/** The classes of CelebAMask-HQ, as BiSeNet counts them. */
export const BISENET_CLASSES = [
  ...['background', 'skin', 'brow', 'brow', 'eye', 'eye', 'glasses', 'ear', 'ear', 'earring', 'nose', 'mouth', 'lip'],
  ...['lip', 'neck', 'necklace', 'cloth', 'hair', 'hat'],
];
/** Mean and deviation of ImageNet's pictures, RGB: what BiSeNet is shown is (x − mean) / deviation. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

/** A weight for each of what comes in, and what is added. */
interface Mix {
  readonly weights: readonly number[];
  readonly bias: number;
}

/** How much greener than red and blue a picture is, 0 … 1 each, times `gain`; 0 where it is greener by `beside`. */
const greenness = (gain: number, beside: number): Mix => ({
  weights: [-gain / 2, gain, -gain / 2],
  bias: -gain * beside,
});

function ofPicture(graph: GraphBuilder, input: string, { weights, bias }: Mix): string {
  return graph.node(
    'Conv',
    [input, graph.floats([1, 3, 1, 1], Float32Array.from(weights)), graph.floats([1], Float32Array.of(bias))],
    {
      kernel_shape: [1, 1],
    },
  );
}

/**
 * A network with the ports of XSeg, NHWC and BGR of 0 … 1, for which what is greener than red and blue by more than a quarter is not the
 * face. Where red and blue were exchanged, or a channel were another's, it would answer otherwise.
 *
 * @param hides `blue`: the same of what is bluer
 */
export function xsegGraph(name: string, hides: 'green' | 'blue' = 'green') {
  const graph = graphBuilder();
  const input = graph.input('input', [1, 256, 256, 3]);
  const planar = graph.node('Transpose', [input], { perm: [0, 3, 1, 2] });
  const { weights, bias } = greenness(16, 0.25);
  // In the order B, G, R: blue is first.
  const turned = hides === 'green' ? weights : [weights[1], weights[0], weights[2]];
  const hidden = graph.node('Sigmoid', [ofPicture(graph, planar, { weights: turned as number[], bias })]);
  const face = graph.node('Sub', [graph.floats([1], Float32Array.of(1)), hidden]);
  graph.output('output', graph.node('Transpose', [face], { perm: [0, 2, 3, 1] }), [1, 256, 256, 1]);
  return encodeOnnx(graph.finish(name));
}

/**
 * A network with the ports of BiSeNet, whose best class is `hair` where its picture is greener by more than a quarter, `glasses` where it
 * is bluer by as much, else `skin`. It must be shown ImageNet's numbers: others move the border.
 */
export function bisenetGraph(name: string) {
  const graph = graphBuilder();
  const input = graph.input('input', [1, 3, 512, 512]);
  // Back to 0 … 1.
  const column = (values: readonly number[]) => graph.floats([1, 3, 1, 1], Float32Array.from(values));
  const picture = graph.node('Add', [graph.node('Mul', [input, column(DEVIATION)]), column(MEAN)]);
  const nothing = ofPicture(graph, picture, { weights: [0, 0, 0], bias: -100 });
  const skin = ofPicture(graph, picture, { weights: [0, 0, 0], bias: 0 });
  const hair = ofPicture(graph, picture, greenness(16, 0.25));
  const glasses = ofPicture(graph, picture, { weights: [-8, -8, 16], bias: -4 });
  const byClass: Record<string, string> = { skin, hair, glasses };
  const maps = BISENET_CLASSES.map((name) => byClass[name] ?? nothing);
  graph.output('output', graph.node('Concat', maps, { axis: 1 }), [1, 19, 512, 512]);
  return encodeOnnx(graph.finish(name));
}

const XSEG = {
  inputs: [{ kind: 'picture', name: 'input', shape: [1, 256, 256, 3], layout: 'NHWC', channels: 'BGR', range: [0, 1] }],
  outputs: [{ name: 'output', shape: [1, 256, 256, 1], meaning: '1 where the face is seen' }],
  decoder: { kind: 'mask', output: 'output', range: [0, 1] },
};

const BISENET = {
  inputs: [
    {
      kind: 'picture',
      name: 'input',
      shape: [1, 3, 512, 512],
      layout: 'NCHW',
      channels: 'RGB',
      range: MEAN.map((mean, c) => [-mean / (DEVIATION[c] as number), (1 - mean) / (DEVIATION[c] as number)]),
    },
  ],
  outputs: [{ name: 'output', shape: [1, 19, 512, 512], meaning: 'a score a class' }],
  decoder: {
    kind: 'class-mask',
    output: 'output',
    classes: BISENET_CLASSES,
    face: ['skin', 'brow', 'eye', 'nose', 'mouth', 'lip'],
  },
};

/** Writes a drawn masker and its contract into a folder. @returns the contract's path, by which it is named */
export async function drawnMasker(folder: string, id: string, kind: 'green' | 'blue' | 'classes'): Promise<string> {
  const bytes = kind === 'classes' ? bisenetGraph(id) : xsegGraph(id, kind);
  const ports = kind === 'classes' ? BISENET : XSEG;
  return writeNetwork(folder, id, bytes, { task: 'mask', template: { name: 'ffhq' }, threshold: 0.5, ...ports });
}
