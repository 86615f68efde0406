import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../../disk/durable.ts';
import type { FrameRange } from '../../../film/range.ts';
import type { RoundTrip } from './convert-frame.ts';

const count = z.int().nonnegative();
const factsSchema = z.strictObject({
  frames: count,
  /** Samples that were cut off at black or white, and the frames that have any. */
  clipped: count,
  clippedFrames: count,
  /** Frames that were converted back and compared, and what differed; see `RoundTrip`. */
  compared: z.strictObject({
    ...{ frames: count, samples: count, greatest: z.number(), sumOfSquares: z.number() },
    unclipped: z.strictObject({ samples: count, greatest: z.number() }),
  }),
});

/** What converting frames did to them. */
export type ConversionFacts = z.output<typeof factsSchema>;

export const NO_FACTS: ConversionFacts = {
  ...{ frames: 0, clipped: 0, clippedFrames: 0 },
  compared: { frames: 0, samples: 0, greatest: 0, sumOfSquares: 0, unclipped: { samples: 0, greatest: 0 } },
};

/** What one frame did, and what came back of it where it was compared. */
export function factsOfFrame(clipped: number, trip: RoundTrip | null): ConversionFacts {
  return {
    ...{ frames: 1, clipped, clippedFrames: clipped > 0 ? 1 : 0 },
    compared: trip ? { frames: 1, ...trip } : NO_FACTS.compared,
  };
}

export function sumOfFacts(a: ConversionFacts, b: ConversionFacts): ConversionFacts {
  const [one, other] = [a.compared, b.compared];
  return {
    frames: a.frames + b.frames,
    clipped: a.clipped + b.clipped,
    clippedFrames: a.clippedFrames + b.clippedFrames,
    compared: {
      frames: one.frames + other.frames,
      samples: one.samples + other.samples,
      greatest: Math.max(one.greatest, other.greatest),
      sumOfSquares: one.sumOfSquares + other.sumOfSquares,
      unclipped: {
        samples: one.unclipped.samples + other.unclipped.samples,
        greatest: Math.max(one.unclipped.greatest, other.unclipped.greatest),
      },
    },
  };
}

/** In a take's folder, beside its frames. */
const FILE = 'conversion';

function pathOf(folder: string, take: FrameRange): string {
  return join(folder, `${FILE}-${take.in}-${take.out}.json`);
}

export async function keepFacts(folder: string, take: FrameRange, facts: ConversionFacts): Promise<void> {
  await writeDurably(pathOf(folder, take), Buffer.from(JSON.stringify(facts)));
}

/** Null where a take has none, or another version wrote them. */
export async function keptFacts(folder: string, take: FrameRange): Promise<ConversionFacts | null> {
  const text = await readFile(pathOf(folder, take), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return factsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
