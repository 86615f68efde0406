import { z } from 'zod';
import type { TrackHistory } from '../carry/track/frame-decision.ts';

const count = z.int().nonnegative();

/** How one track was followed; distances are per cent of that between the eyes. */
export const carryingFiguresSchema = z.strictObject({
  /** Frames in which the landmark network looked, and in which it rested and the landmarks were carried. */
  ran: count,
  skipped: count,
  /** Frames at which the recogniser told who it is. */
  identitySamples: count,
  /** Between landmarks that were carried and those that the network then placed: root mean square over its looks, and the most; null without any. */
  disagreement: z.strictObject({ rms: z.number(), most: z.number(), mostFrame: count }).nullable(),
  /** How many times its limits were halved because carrying it was off. */
  limitHalvings: count,
  /**
   * What its way through the picture was made of, plate pixels: weave of the gate (root mean square), and the mean way in a frame of the
   * camera and of the head, the film's taken out; null where the film's own motion could not be told.
   */
  motion: z.strictObject({ weave: z.number(), camera: z.number(), head: z.number() }).nullable(),
});

export type CarryingFigures = z.infer<typeof carryingFiguresSchema>;

/** @param from first frame of the track */
export function carryingFigures(
  from: number,
  identitySamples: number,
  { decisions, limitHalvings, motion }: TrackHistory,
): CarryingFigures {
  const compared = decisions.flatMap(({ disagreement }, k) =>
    disagreement === null ? [] : [{ frame: from + k, apart: 100 * disagreement }],
  );
  const most = compared.reduce<(typeof compared)[number] | null>(
    (best, one) => (best && best.apart >= one.apart ? best : one),
    null,
  );
  const skipped = decisions.filter(({ landmarker }) => landmarker === 'skip').length;
  const missing = decisions.filter(({ landmarker }) => landmarker === 'missing').length;
  return {
    ran: decisions.length - skipped - missing,
    skipped,
    identitySamples,
    disagreement: most && {
      rms: Math.sqrt(compared.reduce((sum, { apart }) => sum + apart ** 2, 0) / compared.length),
      most: most.apart,
      mostFrame: most.frame,
    },
    limitHalvings,
    motion,
  };
}
