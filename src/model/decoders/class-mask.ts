import { z } from 'zod';
import type { Decoder } from '../decoder.ts';

const schema = z.strictObject({
  kind: z.literal('class-mask'),
  /** A map of scores a class. */
  output: z.string(),
  /** Numbers of the classes that are the face. */
  face: z.array(z.int().nonnegative()).min(1),
});

/** A map of scores for each class of things; the highest tells what a pixel is (BiSeNet). */
export const classMask: Decoder<'mask', typeof schema, z.output<typeof schema>> = {
  kind: 'class-mask',
  task: 'mask',
  schema,
  outputs: ({ output }) => [output],
};
