import { z } from 'zod';
import type { Decoder } from '../decoder.ts';
import { rangeSchema } from '../port.ts';

const schema = z.strictObject({
  kind: z.literal('picture'),
  output: z.string(),
  /** What black and white are in it. */
  range: rangeSchema,
});

/** A restored picture of the face that was shown, in the input's layout and channel order (GFPGAN, CodeFormer). */
export const picture: Decoder<'restore', typeof schema, z.output<typeof schema>> = {
  kind: 'picture',
  task: 'restore',
  schema,
  outputs: ({ output }) => [output],
};
