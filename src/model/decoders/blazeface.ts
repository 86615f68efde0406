import { z } from 'zod';
import type { FivePoints } from '../../face/landmarks.ts';
import type { Detection } from '../../face/observation.ts';
import type { DetectionDecoder, Outputs } from '../decoder.ts';
import { suppressWeighted } from '../weighted-suppression.ts';

const schema = z.strictObject({
  kind: z.literal('blazeface'),
  /** One cell every `stride` input pixels, `anchors` a cell. */
  layers: z
    .array(
      z.strictObject({
        stride: z.int().positive(),
        anchors: z.int().positive(),
        boxes: z.string(),
        scores: z.string(),
      }),
    )
    .min(1),
  /** Intersection over union from which two boxes are taken for one face. */
  suppression: z.number().min(0).max(1),
});

type Blazeface = z.output<typeof schema>;

/** Grids of anchors (BlazeFace, Bazarevsky 2019, arXiv:1907.05047). */
export const blazeface: DetectionDecoder<typeof schema, Blazeface> = {
  kind: 'blazeface',
  task: 'detect',
  schema,
  outputs: ({ layers }) => layers.flatMap(({ boxes, scores }) => [boxes, scores]),
  decode: (outputs, settings, side, threshold) =>
    suppressWeighted(candidates(outputs, settings, side, threshold), settings.suppression),
};

/** Numbers in a row of the box output: x, y, width, height and six points. */
const ROW = 16;

/** Half the width of a mouth over the distance of the eyes, on the alignment of FFHQ (Karras 2019): 0.2184 / 2 / 0.2459. */
const HALF_MOUTH = 0.444;

/**
 * Faces at or above `threshold`, in input pixels, before suppression (MediaPipe, tensors_to_detections_calculator.cc, with anchors of
 * fixed size at the cells' centres).
 */
function candidates(outputs: Outputs, { layers }: Blazeface, side: number, threshold: number): Detection[] {
  return layers.flatMap(({ stride, anchors, boxes, scores }) => {
    const rows = outputs.get(boxes) as Float32Array;
    const logits = outputs.get(scores) as Float32Array;
    const cells = side / stride;
    // Compared as a logit, so that the exponential is taken only for faces.
    const lowest = Math.log(threshold / (1 - threshold));
    const found: Detection[] = [];
    for (let k = 0; k < logits.length; k++) {
      const logit = logits[k] as number;
      if (logit < lowest) continue;
      const cell = Math.floor(k / anchors);
      const x = ((cell % cells) + 0.5) * stride;
      const y = (Math.floor(cell / cells) + 0.5) * stride;
      found.push(decodeRow(rows.subarray(k * ROW, (k + 1) * ROW), x, y, 1 / (1 + Math.exp(-logit))));
    }
    return found;
  });
}

function decodeRow(row: Float32Array, x: number, y: number, score: number): Detection {
  const at = (k: number) => (row[k] as number) + (k % 2 === 0 ? x : y);
  const width = row[2] as number;
  const height = row[3] as number;
  return {
    score,
    box: [at(0) - width / 2, at(1) - height / 2, width, height],
    five: fivePointsOf([4, 5, 6, 7, 8, 9, 10, 11].map(at)),
  };
}

/**
 * Five points from the subject's right eye (image-left on an upright face), left eye, nose tip and mouth centre: the mouth's corners
 * are put on both sides of its centre, along the line of the eyes.
 */
function fivePointsOf(points: readonly number[]): FivePoints {
  const [rx, ry, lx, ly, nx, ny, mx, my] = points as [number, number, number, number, number, number, number, number];
  const dx = (lx - rx) * HALF_MOUTH;
  const dy = (ly - ry) * HALF_MOUTH;
  return [rx, ry, lx, ly, nx, ny, mx - dx, my - dy, mx + dx, my + dy];
}
