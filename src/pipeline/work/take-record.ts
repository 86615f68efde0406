import { z } from 'zod';
import { faceFramesSchema } from '../../report/face-frames.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The journal of a run: the inputs that it is for, then a record for each finished take. */
export const takeRecordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), key: sha256 }),
  z.object({
    type: z.literal('take'),
    shot: z.int(),
    in: z.int(),
    out: z.int(),
    sha256,
    device: z.string(),
    restored: z.int(),
    seconds: z.number(),
    faces: z.array(faceFramesSchema),
  }),
]);

export type JournalRecord = z.output<typeof takeRecordSchema>;
export type TakeRecord = Extract<JournalRecord, { type: 'take' }>;
