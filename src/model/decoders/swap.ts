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
    /** Of what is fed: `one` is brought to length 1, `raw` stays as it comes. */
    length: z.enum(['one', 'raw']),
    /**
     * What turns the recogniser's vector, as it gives it, into this one's: a network of the task "translate" (crossface), or a matrix, the last
     * constant of the network's own file (inswapper's emap), from the right.
     */
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
export const swappedPicture: Decoder<'swap', typeof schema, z.output<typeof schema>> = {
  kind: 'swap',
  task: 'swap',
  schema,
  outputs: ({ output }) => [output],
  inputs: ({ target, source }) => [target, source.input],
  networks: ({ source }) =>
    source.from === 'picture'
      ? []
      : [source.recogniser, ...(source.through?.kind === 'model' ? [source.through.id] : [])],
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
