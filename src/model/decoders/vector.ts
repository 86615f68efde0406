import { z } from 'zod';
import type { Decoder } from '../decoder.ts';

const schema = z.strictObject({ kind: z.literal('vector'), input: z.string(), output: z.string() });

/** One recogniser's vector as another recogniser would give it (crossface): fed and answered as it is, whatever its length. */
export const vector: Decoder<'translate', typeof schema, z.output<typeof schema>> = {
  kind: 'vector',
  task: 'translate',
  schema,
  outputs: ({ output }) => [output],
  inputs: ({ input }) => [input],
  fault({ input }, { inputs }) {
    const port = inputs.find(({ name }) => name === input);
    return port && port.kind !== 'vector' ? `input "${input}" should be a vector, but is a ${port.kind}` : null;
  },
};
