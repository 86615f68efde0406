import { z } from 'zod';
import type { Detection } from '../../face/observation.ts';
import { clamp } from '../../film/interpolate.ts';
import { type AnchorGrid, gridNumbers, gridPorts, suppressionSchema } from '../anchor-grid.ts';
import type { DetectionDecoder, Outputs } from '../decoder.ts';
import { suppressWeighted } from '../weighted-suppression.ts';

const layerSchema = z.strictObject({
  /** One cell every `stride` input pixels. */
  stride: z.int().positive(),
  /** Two probabilities a cell: that it is a face, and that it is any thing. */
  faces: z.string(),
  things: z.string(),
  /** A cell a row: x and y of the box's centre from the cell's corner, strides, and the logarithms of its width and height over them. */
  boxes: z.string(),
  /** A cell a row: x, y of five points from the cell's corner, strides. */
  points: z.string(),
});

const schema = z.strictObject({
  kind: z.literal('yunet'),
  layers: z.array(layerSchema).min(1),
  suppression: suppressionSchema,
});

type Layer = z.output<typeof layerSchema>;
type Yunet = z.output<typeof schema>;

/**
 * YuNet of March 2023 (Wu 2023, doi:10.1007/s11633-023-1423-y), as OpenCV's face_detect.cpp reads it. A score is the square root of
 * both probabilities' product, as there: their geometric mean, on the scale of a probability. FaceFusion leaves the root out; its
 * threshold of 0.5 is 0.71 here.
 */
export const yunet: DetectionDecoder<typeof schema, Yunet> = {
  kind: 'yunet',
  task: 'detect',
  schema,
  ...gridPorts<Yunet>(({ layers }) => layers.map(gridOf)),
  decode: (outputs, { layers, suppression }, side, threshold) =>
    suppressWeighted(
      layers.flatMap((layer) => candidates(outputs, layer, side, threshold)),
      suppression,
    ),
};

function gridOf({ stride, faces, things, boxes, points }: Layer): AnchorGrid {
  const read = [
    [faces, 1],
    [things, 1],
    [boxes, 4],
    [points, 10],
  ] as const;
  return { stride, anchors: 1, read };
}

function candidates(outputs: Outputs, layer: Layer, side: number, threshold: number): Detection[] {
  const { stride } = layer;
  const [faces, things, boxes, points] = gridNumbers(outputs, gridOf(layer), side) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const cells = side / stride;
  const found: Detection[] = [];
  for (let k = 0; k < faces.length; k++) {
    const score = Math.sqrt(clamp(faces[k] as number, 0, 1) * clamp(things[k] as number, 0, 1));
    if (!(score >= threshold)) continue;
    const x = (k % cells) * stride;
    const y = Math.floor(k / cells) * stride;
    const at = 4 * k;
    const width = Math.exp(boxes[at + 2] as number) * stride;
    const height = Math.exp(boxes[at + 3] as number) * stride;
    found.push({
      score,
      box: [
        x + (boxes[at] as number) * stride - width / 2,
        y + (boxes[at + 1] as number) * stride - height / 2,
        width,
        height,
      ],
      five: Array.from(points.subarray(10 * k, 10 * k + 10), (v, c) => (c % 2 === 0 ? x : y) + v * stride),
    });
  }
  return found;
}
