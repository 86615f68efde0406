import { z } from 'zod';
import { ELEMENT_TYPES, type ElementType } from '../convert/onnx-graph.ts';
import { templateSchema } from './template.ts';

const name = z.string();

/** Its name in the file, where that is another. */
const inFile = z.string().exactOptional();

/** Of the tensor in the file; numbers are 32-bit floats on this side of it. */
const type = z.enum(Object.keys(ELEMENT_TYPES) as [ElementType, ...ElementType[]]).default('float32');

/** Sizes by axis; −1 is one that the network leaves open. */
const shape = z.array(z.union([z.int().positive(), z.literal(-1)]));

/** What the numbers are, with units and range. */
const meaning = z.string();

/** What black and white (0 and 255) become, for all channels or one pair for each, in the order of `channels`. */
export const rangeSchema = z.union([
  z.tuple([z.number(), z.number()]),
  z.array(z.tuple([z.number(), z.number()])).length(3),
]);

/** A picture's way into a network; −1 as its first size: any number of pictures at once. */
const picturePort = z
  .strictObject({
    kind: z.literal('picture'),
    name,
    inFile,
    shape,
    type,
    layout: z.enum(['NHWC', 'NCHW']),
    channels: z.enum(['RGB', 'BGR']),
    range: rangeSchema,
    /** How a face is laid before it, where that is not the contract's template. */
    template: templateSchema.exactOptional(),
  })
  .refine(
    ({ shape, layout }) =>
      shape.length === 4 && Math.abs(shape[0] as number) === 1 && shape[layout === 'NHWC' ? 3 : 1] === 3,
    {
      path: ['shape'],
      error:
        'a picture’s shape was expected: [1, height, width, 3] for NHWC, [1, 3, height, width] for NCHW, with −1 in place of 1 where it takes any number at once',
    },
  );

/** Numbers that belong together: an embedding, points. */
const vectorPort = z.strictObject({ kind: z.literal('vector'), name, inFile, shape: shape.min(1), type, meaning });

/** One number. */
const scalarPort = z.strictObject({
  kind: z.literal('scalar'),
  name,
  inFile,
  /** `[]` or ones. */
  shape: z.array(z.literal(1)).default([1]),
  type,
  meaning,
  /** Its default. */
  value: z.number().exactOptional(),
});

export const inputSchema = z.discriminatedUnion('kind', [picturePort, vectorPort, scalarPort]);
export const outputSchema = z.strictObject({ name, inFile, shape, type, meaning });

export type PicturePort = z.output<typeof picturePort>;
export type InputPort = z.output<typeof inputSchema>;
export type OutputPort = z.output<typeof outputSchema>;

/** What the file calls a port. */
export function nameInFile({ name, inFile }: Pick<OutputPort, 'name' | 'inFile'>): string {
  return inFile ?? name;
}
