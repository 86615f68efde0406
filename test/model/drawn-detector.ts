import { graphBuilder } from '../../src/convert/graph-builder.ts';
import { encodeOnnx } from '../../src/convert/onnx-graph.ts';
import type { Box } from '../../src/face/observation.ts';
import { writeNetwork } from './write-network.ts';

/** Side of a drawn detector's input, pixels. */
export const DETECTOR_SIDE = 192;

const STRIDES = [8, 16, 32];
const SCORE = 0.875;

export type DrawnKind = 'scrfd' | 'yolo-face' | 'yunet';

interface Drawn {
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[];
  readonly decoder: object;
}

/** Numbers an anchor, in a grid where one anchor's are given and all others are 0. */
function grid(name: string, stride: number, each: number, row: number, numbers: readonly number[] | null) {
  const rows = (DETECTOR_SIDE / stride) ** 2;
  const data = new Float32Array(rows * each);
  if (numbers) data.set(numbers, row * each);
  return { name, shape: [1, rows, each], data };
}

/** The answers that say of every picture: one face, in this box of the input. Its points are the box's corners and middle. */
const DRAWN: Readonly<Record<DrawnKind, (box: Box) => Drawn>> = {
  scrfd([x, y, width, height]) {
    const cells = DETECTOR_SIDE / 16;
    const [column, row] = [Math.floor((x + width / 2) / 16), Math.floor((y + height / 2) / 16)];
    const [left, top] = [column - x / 16, row - y / 16];
    return {
      outputs: STRIDES.flatMap((stride) => {
        const at = stride === 16 ? cells * row + column : 0;
        const is = <T>(numbers: T) => (stride === 16 ? numbers : null);
        return [
          grid(`score_${stride}`, stride, 1, at, is([SCORE])),
          grid(`bbox_${stride}`, stride, 4, at, is([left, top, width / 16 - left, height / 16 - top])),
        ];
      }),
      decoder: {
        kind: 'scrfd',
        layers: STRIDES.map((stride) => ({ stride, anchors: 1, scores: `score_${stride}`, boxes: `bbox_${stride}` })),
      },
    };
  },
  yunet([x, y, width, height]) {
    const cells = DETECTOR_SIDE / 32;
    const [column, row] = [Math.floor((x + width / 2) / 32), Math.floor((y + height / 2) / 32)];
    const [u, v] = [(x + width / 2) / 32 - column, (y + height / 2) / 32 - row];
    const five = Array.from({ length: 5 }, () => [u, v]).flat();
    const box = [u, v, Math.log(width / 32), Math.log(height / 32)];
    return {
      outputs: STRIDES.flatMap((stride) => {
        const at = stride === 32 ? cells * row + column : 0;
        const is = <T>(numbers: T) => (stride === 32 ? numbers : null);
        return [
          grid(`cls_${stride}`, stride, 1, at, is([SCORE])),
          grid(`obj_${stride}`, stride, 1, at, is([SCORE])),
          grid(`bbox_${stride}`, stride, 4, at, is(box)),
          grid(`kps_${stride}`, stride, 10, at, is(five)),
        ];
      }),
      decoder: {
        kind: 'yunet',
        layers: STRIDES.map((stride) => ({
          stride,
          faces: `cls_${stride}`,
          things: `obj_${stride}`,
          boxes: `bbox_${stride}`,
          points: `kps_${stride}`,
        })),
      },
    };
  },
  'yolo-face'([x, y, width, height]) {
    const anchors = STRIDES.reduce((sum, stride) => sum + (DETECTOR_SIDE / stride) ** 2, 0);
    const data = new Float32Array(20 * anchors);
    const five = Array.from({ length: 5 }, () => [x + width / 2, y + height / 2, 1]).flat();
    for (const [number, value] of [x + width / 2, y + height / 2, width, height, SCORE, ...five].entries()) {
      data[number * anchors + 7] = value;
    }
    return {
      outputs: [{ name: 'output0', shape: [1, 20, anchors], data }],
      decoder: { kind: 'yolo-face', output: 'output0' },
    };
  },
};

/**
 * Writes a detector that finds one face in every picture, whatever it shows, in a box of its input.
 *
 * @returns the path of its contract
 */
export async function drawnDetector(folder: string, name: string, kind: DrawnKind, box: Box): Promise<string> {
  const { outputs, decoder } = DRAWN[kind](box);
  const graph = graphBuilder();
  const picture = graph.input('input', [1, 3, DETECTOR_SIDE, DETECTOR_SIDE]);
  // Nothing of the picture, in the shape of one number: a graph's answers must depend on its input.
  const mean = graph.node('ReduceMean', [picture], { axes: [0, 1, 2, 3], keepdims: 0 });
  const nothing = graph.node('Mul', [mean, graph.floats([], new Float32Array(1))]);
  for (const { name: output, shape, data } of outputs) {
    graph.output(output, graph.node('Add', [graph.floats(shape, data), nothing]), shape);
  }
  return writeNetwork(folder, name, encodeOnnx(graph.finish(name)), {
    task: 'detect',
    template: { name: 'letterbox' },
    inputs: [
      {
        kind: 'picture',
        name: 'input',
        shape: [1, 3, DETECTOR_SIDE, DETECTOR_SIDE],
        layout: 'NCHW',
        channels: 'RGB',
        range: [0, 1],
      },
    ],
    outputs: outputs.map(({ name: output, shape }) => ({ name: output, shape, meaning: 'drawn' })),
    decoder: { ...decoder, suppression: 0.4 },
    threshold: 0.7,
  });
}
