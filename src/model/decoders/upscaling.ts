import { z } from 'zod';
import type { UpscalingDecoder } from '../decoder.ts';
import { planarOfTensor } from '../planar-tensor.ts';
import { rangeSchema } from '../port.ts';

const schema = z.strictObject({
  kind: z.literal('upscaling'),
  output: z.string(),
  /** What black and white are in it. */
  range: rangeSchema,
  /** Its side over the input's. */
  factor: z.literal([2, 4, 8]),
  /** Reach of an input pixel in the output, input pixels: beyond it, a cut-out gives the same output as the whole picture. */
  reach: z.int().positive(),
  /** Side of the largest picture that it is shown at once; a larger one is shown in tiles. Absent: any, or that of its port. */
  tile: z.int().positive().exactOptional(),
  /** What both sides of a picture must be divisible by; default 1. */
  multiple: z.int().positive().exactOptional(),
});

/** The input picture, larger and finer, in the input's layout and channel order. */
export const upscaling: UpscalingDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'upscaling',
  task: 'upscale',
  schema,
  outputs: ({ output }) => [output],
  factor: ({ factor }) => factor,
  reach: ({ reach }) => reach,
  sizes: ({ tile = Number.POSITIVE_INFINITY, multiple = 1 }) => ({ tile, multiple }),
  decode: (outputs, { output, range, factor }, input, pixels) =>
    planarOfTensor(outputs.get(output) as Float32Array, pixels * factor ** 2, { ...input, range }),
};
