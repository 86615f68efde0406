import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How a track's face flickered in one take: sums over frames, so that takes can be added. */
const flickerSums = z.object({
  track: z.string(),
  /** The frames in which it was restored; one entry each in `before` and `after`. */
  frames: z.array(z.int()),
  /** Mean luma of the face before and after, 0 … 1. */
  before: z.array(z.number()),
  after: z.array(z.number()),
  /** Root mean square of the low-passed second difference in face space, in 8-bit levels, before and after. */
  lowPassBefore: z.number(),
  lowPassAfter: z.number(),
});

/** What a restorer said of a track's face in one take: counts of frames, and sums over the frames that it told of. */
const restoringSums = z.object({
  track: z.string(),
  told: z.int(),
  declined: z.int(),
  /** Frames that were restored in part, because the face is small or turned away. */
  faded: z.int(),
  averaged: z.number(),
  dirt: z.number(),
  /** Frames in which stills were looked at; `gate` and `blur` are sums over them. */
  gated: z.int(),
  gate: z.number(),
  blur: z.number(),
});

/** What the journal of a run holds: which inputs it is for, then one record a finished take. */
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
    flicker: z.array(flickerSums),
    restoring: z.array(restoringSums),
  }),
]);

export type JournalRecord = z.output<typeof takeRecordSchema>;
export type TakeRecord = Extract<JournalRecord, { type: 'take' }>;
