import { z } from 'zod';
import { fivePointsOfBox } from '../../face/five-points-of-box.ts';
import type { Box, Detection } from '../../face/observation.ts';
import { type AnchorGrid, gridNumbers, gridPorts, suppressionSchema } from '../anchor-grid.ts';
import type { DetectionDecoder, Outputs } from '../decoder.ts';
import { suppressWeighted } from '../weighted-suppression.ts';

const layerSchema = z.strictObject({
  /** One cell every `stride` input pixels, `anchors` a cell. */
  stride: z.int().positive(),
  anchors: z.int().positive(),
  /** A probability an anchor. */
  scores: z.string(),
  /** An anchor a row: how far left, top, right and bottom are from the cell's corner, strides. */
  boxes: z.string(),
  /** An anchor a row: x, y of five points from the cell's corner, strides; absent where it has none. */
  points: z.string().exactOptional(),
});

const schema = z.strictObject({
  kind: z.literal('scrfd'),
  layers: z.array(layerSchema).min(1),
  suppression: suppressionSchema,
});

type Layer = z.output<typeof layerSchema>;
type Scrfd = z.output<typeof schema>;

/**
 * Distances from the corners of grid cells (InsightFace's SCRFD, Guo 2021, arXiv:2105.04714, and its RetinaFace 10g; python-package,
 * model_zoo/scrfd.py). Where the network gives no points, they are an upright face's.
 */
export const scrfd: DetectionDecoder<typeof schema, Scrfd> = {
  kind: 'scrfd',
  task: 'detect',
  schema,
  ...gridPorts<Scrfd>(({ layers }) => layers.map(gridOf)),
  decode: (outputs, { layers, suppression }, side, threshold) =>
    suppressWeighted(
      layers.flatMap((layer) => candidates(outputs, layer, side, threshold)),
      suppression,
    ),
};

function gridOf({ stride, anchors, scores, boxes, points }: Layer): AnchorGrid {
  return { stride, anchors, read: [[scores, 1], [boxes, 4], ...(points === undefined ? [] : [[points, 10] as const])] };
}

function candidates(outputs: Outputs, layer: Layer, side: number, threshold: number): Detection[] {
  const { stride, anchors } = layer;
  const [scores, boxes, points] = gridNumbers(outputs, gridOf(layer), side) as [
    Float32Array,
    Float32Array,
    Float32Array?,
  ];
  const cells = side / stride;
  const found: Detection[] = [];
  for (let k = 0; k < scores.length; k++) {
    const score = scores[k] as number;
    if (!(score >= threshold)) continue;
    const cell = Math.floor(k / anchors);
    const x = (cell % cells) * stride;
    const y = Math.floor(cell / cells) * stride;
    const [left, top, right, bottom] = boxes.subarray(4 * k, 4 * k + 4) as ArrayLike<number> as [
      number,
      number,
      number,
      number,
    ];
    const box: Box = [x - left * stride, y - top * stride, (left + right) * stride, (top + bottom) * stride];
    const five = points
      ? Array.from(points.subarray(10 * k, 10 * k + 10), (v, at) => (at % 2 === 0 ? x : y) + v * stride)
      : fivePointsOfBox(box);
    found.push({ score, box, five });
  }
  return found;
}
