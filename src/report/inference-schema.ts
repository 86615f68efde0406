import { z } from 'zod';
import type { InferenceCounts } from '../carry/track/inference-counts.ts';

const runs = z.int().nonnegative();

/** Runs of one network by their reason; every reason is always there. */
const reasonsSchema = z.strictObject({
  sweep: runs,
  loss: runs,
  identity: runs,
  follow: runs,
  backtrack: runs,
  /** Second looks; files of earlier versions have none. */
  mirror: runs.default(0),
  every: runs,
  audit: runs,
});

/** Network runs on the reel's frames; each tile is a run. Stills are not counted: their faces are found once and kept. */
export const inferenceSchema = z.strictObject({
  detector: reasonsSchema,
  landmarker: reasonsSchema,
  recogniser: reasonsSchema,
  /** A heavy landmark network's runs; absent where none is used. `between`: its runs on both sides disagreed. */
  refiner: z.strictObject({ identity: runs, between: runs, every: runs }).exactOptional(),
});

export type InferenceFacts = z.infer<typeof inferenceSchema>;

const NONE = { sweep: 0, loss: 0, identity: 0, follow: 0, backtrack: 0, mirror: 0, every: 0, audit: 0 };

/** The counts with 0 for reasons that did not occur; all 0 where the tracks came from the cache. */
export function inferenceFacts(counts: InferenceCounts | null): InferenceFacts {
  return {
    detector: { ...NONE, ...counts?.detector },
    landmarker: { ...NONE, ...counts?.landmarker },
    recogniser: { ...NONE, ...counts?.recogniser },
    ...(counts?.refiner ? { refiner: { identity: 0, between: 0, every: 0, ...counts.refiner } } : {}),
  };
}
