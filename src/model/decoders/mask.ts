import { z } from 'zod';
import { clamp } from '../../film/interpolate.ts';
import type { MaskDecoder } from '../decoder.ts';
import { mapFault } from '../map-fault.ts';

const schema = z.strictObject({
  kind: z.literal('mask'),
  output: z.string(),
  /** What it is beside the face, and on it. */
  range: z.tuple([z.number(), z.number()]),
});

/** A map of one number a pixel that tells the face from what hides it (XSeg). */
export const mask: MaskDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'mask',
  task: 'mask',
  schema,
  outputs: ({ output }) => [output],
  fault: ({ output }, ports) => mapFault(output, ports, 1),
  decode(outputs, { output, range: [beside, on] }) {
    const map = outputs.get(output) as Float32Array;
    return map.map((v) => clamp((v - beside) / (on - beside), 0, 1));
  },
};
