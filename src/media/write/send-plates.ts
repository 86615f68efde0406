import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { pictureBytes } from '../../film/sample-format.ts';
import { framePool } from '../../stream/frame-pool.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import type { Decoding } from '../ffmpeg/raw-frames.ts';
import { plates } from '../read/decode.ts';
import { FrameShortfall } from '../read/frame-shortfall.ts';
import type { TakeWriter } from './target.ts';

/** Sends all frames of an untouched take through this process, those that do not come as `pass`. The take is not finished by it. */
export async function sendPlates(
  reel: Reel,
  take: FrameRange,
  writer: Pick<TakeWriter, 'write' | 'pass'>,
  { ffmpeg, signal }: Pick<Decoding, 'ffmpeg' | 'signal'>,
): Promise<void> {
  const pool = framePool(2, pictureBytes(reel.format, reel.width, reel.height));
  let next = take.in;
  try {
    for await (const { plate, loan } of plates(reel, take, { pool, ffmpeg, signal })) {
      try {
        for (; next < plate.frame; next++) await writer.pass(next);
        await writer.write(plate, null);
        next += 1;
      } finally {
        loan.release();
      }
    }
  } catch (error) {
    const undecodable = error instanceof FfmpegError && error.exitCode !== null && next === take.in;
    if (!(error instanceof FrameShortfall) && !undecodable) throw error;
  }
  for (; next < take.out; next++) await writer.pass(next);
}
