import { z } from 'zod';
import type { Decoder } from '../decoder.ts';

const schema = z.strictObject({
  kind: z.literal('mask'),
  output: z.string(),
  /** What it is beside the face, and on it. */
  range: z.tuple([z.number(), z.number()]),
});

/** A map of one number a pixel that tells the face from what hides it (XSeg). */
export const mask: Decoder<'mask', typeof schema, z.output<typeof schema>> = {
  kind: 'mask',
  task: 'mask',
  schema,
  outputs: ({ output }) => [output],
};
