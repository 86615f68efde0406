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
  /** How far an input pixel reaches in the answer, input pixels: beyond, a cut-out is answered as in the whole picture. */
  reach: z.int().positive(),
});

/** A larger and finer picture of whatever was shown, in the input's layout and channel order. */
export const upscaling: UpscalingDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'upscaling',
  task: 'upscale',
  schema,
  outputs: ({ output }) => [output],
  factor: ({ factor }) => factor,
  reach: ({ reach }) => reach,
  decode: (outputs, { output, range, factor }, input, pixels) =>
    planarOfTensor(outputs.get(output) as Float32Array, pixels * factor ** 2, { ...input, range }),
};
