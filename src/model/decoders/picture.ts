import { z } from 'zod';
import type { PictureDecoder } from '../decoder.ts';
import { planarOfTensor } from '../planar-tensor.ts';
import { rangeSchema } from '../port.ts';

const schema = z.strictObject({
  kind: z.literal('picture'),
  output: z.string(),
  /** What black and white are in it. */
  range: rangeSchema,
  /** The scalar input that says how far it holds to its picture, 0 … 1 (CodeFormer). */
  weight: z.string().exactOptional(),
});

/** A restored picture of the face that was shown, in the input's layout and channel order (GFPGAN, CodeFormer). */
export const picture: PictureDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'picture',
  task: 'restore',
  schema,
  outputs: ({ output }) => [output],
  fault({ weight }, { inputs }) {
    if (weight === undefined) return null;
    const port = inputs.find(({ name }) => name === weight);
    if (port?.kind === 'scalar') return null;
    return `its decoder's "weight" should name a scalar among its inputs, but "${weight}" is ${port ? `a ${port.kind}` : 'not among them'}`;
  },
  weight: ({ weight }) => weight ?? null,
  decode: (outputs, { output, range }, input, pixels) =>
    planarOfTensor(outputs.get(output) as Float32Array, pixels, { ...input, range }),
};
