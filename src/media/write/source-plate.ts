import type { Plate } from '../../film/plate.ts';
import { frameNumber, type Reel } from '../../film/reel.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import type { Decoding } from '../ffmpeg/raw-frames.ts';
import { plates } from '../read/decode.ts';
import { FrameShortfall } from '../read/frame-shortfall.ts';
import type { TakePlace } from './target.ts';

/** A frame that is passed through, as far as it can be decoded, else the one that stands in its place, which is noted. */
export async function standingIn(
  reel: Reel,
  frame: number,
  { note, ...decoding }: Decoding & Pick<TakePlace, 'note'>,
): Promise<Plate> {
  const held = await sourcePlate(reel, frame, decoding);
  if (held.frame !== frame) {
    note(
      `Frame ${frameNumber(reel, frame)} cannot be decoded; frame ${frameNumber(reel, held.frame)} stands in its place.`,
    );
  }
  return { ...held, frame };
}

/**
 * The source's own picture of a frame, as far as its decoder can make one; else of the nearest frame before that it can, else of the
 * nearest after.
 */
async function sourcePlate(reel: Reel, frame: number, decoding: Decoding): Promise<Plate> {
  const trusting: Reel = { ...reel, damaged: new Map() };
  for (const candidate of nearestFirst(frame, reel.frames)) {
    if (candidate !== frame && reel.damaged.has(candidate)) continue;
    try {
      for await (const { plate, loan } of plates(trusting, { in: candidate, out: candidate + 1 }, decoding)) {
        const copy = { ...plate, bytes: plate.bytes.slice() };
        loan.release();
        return copy;
      }
    } catch (error) {
      if (!(error instanceof FrameShortfall || error instanceof FfmpegError)) throw error;
    }
  }
  throw new FrameShortfall(reel, 1, [frame], []);
}

/** Neighbours that are tried on each side; no frame is held over a longer hole. */
const REACH = 48;

function* nearestFirst(frame: number, frames: number): Generator<number> {
  yield frame;
  for (let k = frame - 1; k >= Math.max(0, frame - REACH); k--) yield k;
  for (let k = frame + 1; k < Math.min(frames, frame + REACH); k++) yield k;
}
