import { z } from 'zod';
import { normalised } from '../../face/embedding.ts';
import type { EmbeddingDecoder } from '../decoder.ts';

const schema = z.strictObject({
  kind: z.literal('embedding'),
  output: z.string(),
  /**
   * Cosine below which nobody is recognised, whatever the shifts: strangers often reach what lies below. Absent: as far below the
   * threshold as MobileFaceNet's.
   */
  floor: z.number().min(-1).max(1).exactOptional(),
});

/** A vector of any length. */
export const embedding: EmbeddingDecoder<typeof schema, z.output<typeof schema>> = {
  kind: 'embedding',
  task: 'recognise',
  schema,
  outputs: ({ output }) => [output],
  vector: (outputs, { output }) => outputs.get(output) as Float32Array,
  decode: (outputs, { output }) => normalised(outputs.get(output) as Float32Array),
};
