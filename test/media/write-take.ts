import type { FrameRange } from '../../src/film/range.ts';
import type { Reel } from '../../src/film/reel.ts';
import { pictureBytes } from '../../src/film/sample-format.ts';
import { plates } from '../../src/media/read/decode.ts';
import type { ConformOptions, Segment, TakePlace, Target } from '../../src/media/write/target.ts';
import { framePool } from '../../src/stream/frame-pool.ts';
import { ffmpeg } from './lavfi.ts';

export const never: AbortSignal = new AbortController().signal;

/** A place for takes of which nobody wants to know anything. */
export function placeIn(folder: string): TakePlace {
  return { folder, signal: never, note: () => {} };
}

/** How a first run conforms: nothing is in the way, and its takes are used up. */
export const FIRST: ConformOptions = { signal: never, replace: false, keep: false };

/** Sends a range through this process, plate by plate, unchanged. */
export async function writeTake(reel: Reel, target: Target, take: FrameRange, folder: string): Promise<Segment> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  await using writer = await target.openTake(take, placeIn(folder));
  for await (const { plate, loan } of plates(reel, take, { pool, ffmpeg, signal: never })) {
    await writer.write(plate, null);
    loan.release();
  }
  return await writer.finish();
}
