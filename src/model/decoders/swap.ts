import { z } from 'zod';
import type { Decoder } from '../decoder.ts';
import { rangeSchema } from '../port.ts';

/** How the face that is put in is told to the network. */
const source = z.discriminatedUnion('from', [
  /** By a picture of it, laid as the input's template says. */
  z.strictObject({ from: z.literal('picture'), input: z.string() }),
  /** By what a recogniser says of it. */
  z.strictObject({
    from: z.literal('embedding'),
    input: z.string(),
    /** The recogniser that it was trained with; no other will do. */
    recogniser: z.string(),
    /** `one`: the vector is brought to length 1; `raw`: it is fed as the recogniser gives it. */
    length: z.enum(['one', 'raw']),
    /** A network, or a constant of the network's own file, that turns the recogniser's vector into this one's. */
    through: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('model'), id: z.string() }),
        z.strictObject({ kind: z.literal('last-initializer') }),
      ])
      .exactOptional(),
  }),
]);

const schema = z.strictObject({
  kind: z.literal('swap'),
  /** The picture whose face is changed. */
  target: z.string(),
  source,
  output: z.string(),
  /** What black and white are in the output. */
  range: rangeSchema,
});

/** The target with the source's face, in the target's layout and channel order (inswapper, HyperSwap, BlendSwap). */
export const swap: Decoder<'swap', typeof schema, z.output<typeof schema>> = {
  kind: 'swap',
  task: 'swap',
  schema,
  outputs: ({ output }) => [output],
  inputs: ({ target, source }) => [target, source.input],
  fault({ target, source }, { inputs }) {
    for (const [name, kind] of [
      [target, 'picture'],
      [source.input, source.from === 'picture' ? 'picture' : 'vector'],
    ] as const) {
      const port = inputs.find((input) => input.name === name);
      if (port && port.kind !== kind) return `input "${name}" should be a ${kind}, but is a ${port.kind}`;
    }
    return null;
  },
};
