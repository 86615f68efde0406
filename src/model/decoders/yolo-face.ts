import { z } from 'zod';
import { fivePointsOfBox } from '../../face/five-points-of-box.ts';
import type { Box, Detection } from '../../face/observation.ts';
import { squareOf, suppressionSchema } from '../anchor-grid.ts';
import type { DetectionDecoder } from '../decoder.ts';
import { suppressWeighted } from '../weighted-suppression.ts';

/** Box, score; five points follow. */
const BEFORE_POINTS = 5;

/** Strides of the three grids whose cells are its anchors. */
const STRIDES = [8, 16, 32];

const schema = z.strictObject({
  kind: z.literal('yolo-face'),
  /** Centre, width and height of a box in input pixels, its score, then five points in input pixels, for each anchor. */
  output: z.string(),
  /** `planes`: a plane a number, [1, 20, anchors]; `rows`: a row an anchor, [1, anchors, 20]. */
  order: z.enum(['planes', 'rows']).default('planes'),
  /** Numbers a point: x, y and how surely it is seen (3), x and y (2); 0 where it has no points. */
  pointNumbers: z.literal([0, 2, 3]).default(3),
  suppression: suppressionSchema,
});

type YoloFace = z.output<typeof schema>;

const numbersOf = ({ pointNumbers }: YoloFace) => BEFORE_POINTS + 5 * pointNumbers;

/** The head of YOLOv8 with five key points (derronqi's yolov8-face). Where the network gives no points, they are an upright face's. */
export const yoloFace: DetectionDecoder<typeof schema, YoloFace> = {
  kind: 'yolo-face',
  task: 'detect',
  schema,
  outputs: ({ output }) => [output],
  fault(settings, ports) {
    const { output, order } = settings;
    const shape = ports.outputs.find(({ name }) => name === output)?.shape ?? [];
    const side = squareOf(ports);
    if (side !== null && side % 32 !== 0) return `its input is ${side} pixels wide, which is no multiple of 32`;
    const anchors = side === null ? -1 : STRIDES.reduce((sum, stride) => sum + (side / stride) ** 2, 0);
    const numbers = numbersOf(settings);
    const expected = order === 'planes' ? [1, numbers, anchors] : [1, anchors, numbers];
    const fits =
      shape.length === 3 && shape.every((size, k) => size === -1 || expected[k] === -1 || size === expected[k]);
    return fits
      ? null
      : `output "${output}" has the shape [${shape.join(', ')}], which in the order "${order}" should be [${expected.join(', ')}]`;
  },
  decode(outputs, settings, _side, threshold) {
    const { output, order, pointNumbers, suppression } = settings;
    const data = outputs.get(output) as Float32Array;
    const numbers = numbersOf(settings);
    const anchors = data.length / numbers;
    const [perAnchor, perNumber] = order === 'planes' ? [1, anchors] : [numbers, 1];
    const found: Detection[] = [];
    for (let k = 0; k < anchors; k++) {
      const at = (number: number) => data[k * perAnchor + number * perNumber] as number;
      const score = at(4);
      if (!(score >= threshold)) continue;
      const box: Box = [at(0) - at(2) / 2, at(1) - at(3) / 2, at(2), at(3)];
      const five =
        pointNumbers === 0
          ? fivePointsOfBox(box)
          : Array.from({ length: 10 }, (_, c) => at(BEFORE_POINTS + pointNumbers * (c >> 1) + (c & 1)));
      found.push({ score, box, five });
    }
    return suppressWeighted(found, suppression);
  },
};
