import { dirname } from 'node:path';
import { publishFile } from '../../../disk/publish-file.ts';
import { sha256Of } from '../../../disk/sha256.ts';
import { type FrameRange, lengthOf } from '../../../film/range.ts';
import type { MovieReel, Reel } from '../../../film/reel.ts';
import { isVariableRate } from '../../read/frame-rate.ts';
import type { MovieCodec } from '../codec-facts.ts';
import type { Segment } from '../target.ts';

/**
 * The reel, where an output of which nothing is restored is encoded in one go from it: there are no takes to keep then, whose frames a
 * codec with inter-frame coding would have to encode a second time. Null where takes are needed: to count frames that are damaged or
 * shown each for its own time, to cut a part out, and to leave out of the container what belongs to the source's.
 */
export function encodedAtOnce(
  reel: Reel,
  codec: MovieCodec,
  { untouched, range }: { readonly untouched?: boolean | undefined; readonly range?: FrameRange | undefined },
): MovieReel | null {
  if (!untouched || codec.intra || reel.kind !== 'movie') return null;
  const isPart = range !== undefined && lengthOf(range) !== reel.frames;
  const isPlain = !reel.byPlace && !reel.displayMatrix && !reel.hdr10 && reel.damaged.size === 0;
  return isPlain && !isPart && !isVariableRate(reel) ? reel : null;
}

/** Leaves a word at `path` that a take is encoded when the output is joined. */
export async function deferTake(take: FrameRange, path: string): Promise<Segment> {
  const word = JSON.stringify({ deferred: [take.in, take.out] });
  await publishFile(path, word);
  return { in: take.in, out: take.out, folder: dirname(path), sha256: sha256Of(word) };
}
