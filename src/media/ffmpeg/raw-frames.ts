import type { Readable } from 'node:stream';
import type { PictureSize } from '../../film/orientation.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';
import type { FramePool, Loan } from '../../stream/frame-pool.ts';
import type { FrameInput } from '../read/frame-input.ts';
import { FrameShortfall } from '../read/frame-shortfall.ts';
import { frameTimes } from '../read/frame-times.ts';
import { SEEK_ATTEMPTS } from '../read/movie/movie-input.ts';
import { assertPictureSize } from '../read/picture-size.ts';
import { reelInput } from '../read/reel-input.ts';
import { DamagedStill } from '../still/damaged-still.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { FfmpegError } from './ffmpeg-error.ts';
import { describeJob } from './job.ts';
import { feedJob, startJob } from './supervisor.ts';

/** What a decoder is to put into each buffer. */
export interface RawPicture {
  /** Filters behind the cut to the range. */
  readonly filters: readonly string[];
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  /** Bytes of a frame. */
  readonly bytes: number;
}

/** How frames are decoded. */
export interface Decoding {
  /** At most `pool.size` frames are out at once. */
  readonly pool: FramePool;
  readonly ffmpeg: Ffmpeg;
  /** Aborting it ends ffmpeg. */
  readonly signal: AbortSignal;
  /** Called with the errors in the decoder's log, where there are any: a frame may come and be wrong all the same. */
  readonly onErrors?: ((lines: readonly string[]) => void) | undefined;
}

/** How an observable of frames is decoded; without a `signal`, unsubscribing alone ends it. */
export type ObservedDecoding = Omit<Decoding, 'signal'> & { readonly signal?: AbortSignal | undefined };

export interface RawFrame {
  readonly frame: number;
  /** Its first `RawPicture.bytes` bytes are the picture. */
  readonly loan: Loan;
}

/**
 * Decodes the frames of a range that are not known as damaged, in order, each recognised by its time. While no buffer of the pool is
 * free, ffmpeg waits. Ending the generator ends ffmpeg.
 *
 * @throws FrameShortfall after the last frame, where some did not come.
 * @throws FfmpegError where nothing could be decoded.
 * @throws ReelError where ffmpeg's pictures have another size than is asked for.
 */
export async function* rawFrames(
  reel: Reel,
  range: FrameRange,
  picture: RawPicture,
  decoding: Decoding,
): AsyncGenerator<RawFrame> {
  const came = new Set<number>();
  let log: readonly string[] = [];
  for (let attempt = 0; attempt < SEEK_ATTEMPTS; attempt++) {
    const input = reelInput(reel, range, attempt);
    if (input.frames.length === 0) return;
    const last = !input.seeks || attempt === SEEK_ATTEMPTS - 1;
    try {
      for await (const raw of decodeOnce(reel, input, picture, decoding)) {
        if (came.size === 0 && raw.frame !== input.frames[0] && !last) {
          raw.loan.release();
          break;
        }
        // Whoever follows faces from frame to frame must not see one instant twice.
        if (came.has(raw.frame)) {
          raw.loan.release();
          continue;
        }
        came.add(raw.frame);
        yield raw;
      }
    } catch (error) {
      decoding.signal.throwIfAborted();
      if (error instanceof DamagedStill) log = [error.message];
      // A seek behind the last key frame decodes nothing, which ffmpeg calls a failure.
      else if (!(error instanceof FfmpegError) || (came.size === 0 && last)) throw error;
      else log = error.stderr;
    }
    if (came.size > 0 || last) {
      const missing = input.frames.filter((frame) => !came.has(frame));
      if (missing.length > 0) throw new FrameShortfall(reel, input.frames.length, missing, log);
      return;
    }
  }
}

async function* decodeOnce(
  reel: Reel,
  input: FrameInput,
  picture: RawPicture,
  { pool, ffmpeg, signal, onErrors }: Decoding,
): AsyncGenerator<RawFrame> {
  const job = startJob(
    describeJob(ffmpeg.ffmpeg, {
      name: `Decoding "${reel.path}"`,
      stdin: input.stdin !== undefined,
      side: true,
      inputs: [input],
      outputs: [
        {
          // A frame's time is written before its bytes, so that it is there when they are.
          target: '[f=framecrc:flush_packets=1]pipe:3|[f=rawvideo]pipe:1',
          filters: [...input.filters, ...picture.filters],
          options: [
            ...['-map', '0:V:0', '-c:v', 'rawvideo', '-pix_fmt', picture.pixelFormat, '-enc_time_base', '-1'],
            ...ffmpeg.passthrough,
            // Scaled to the first frame's size by itself, a picture of another size would pass for one of this.
            ...['-autoscale', '0', '-frames:v', `${input.limit}`, '-f', 'tee'],
          ],
        },
      ],
    }),
    signal,
  );
  const fed = input.stdin === undefined ? undefined : feedJob(job, input.stdin);
  const times = frameTimes(job.side as Readable);
  try {
    for await (const loan of filled(job.stdout, picture.bytes, pool, signal)) {
      const time = await times.next();
      if (time) checkSize(reel, picture, times.size);
      const frame = time && input.frameAt(time);
      assertPictureSize(reel, { time, frame, bytes: picture.bytes });
      if (frame === undefined || reel.damaged.has(frame)) loan.release();
      else yield { frame, loan };
    }
    // Bytes of a smaller picture do not fill a buffer.
    const rest = await times.next();
    assertPictureSize(reel, { time: rest, frame: rest && input.frameAt(rest), bytes: picture.bytes });
    await fed;
    await job.done;
    if (job.log.errors.length > 0) onErrors?.(job.log.errors);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await job.stop();
  }
}

/** A picture of the same bytes but other sides would pass for the right one, sheared: of 90 degrees turned by ffmpeg, say. */
function checkSize(reel: Reel, { width, height }: RawPicture, size: PictureSize | undefined): void {
  if (!size || (size.width === width && size.height === height)) return;
  throw new ReelError(
    `"${reel.path}": ffmpeg decodes pictures of ${size.width} × ${size.height}, but ${width} × ${height} were expected by their headers. Use another version of ffmpeg (--ffmpeg), or convert the reel first.`,
  );
}

/** Cuts a stream into buffers of `bytes` bytes, each lent when its first byte has come. Bytes of an unfinished frame are dropped. */
async function* filled(
  stream: Readable,
  bytes: number,
  pool: FramePool,
  signal: AbortSignal,
): AsyncGenerator<Loan, void, void> {
  let loan: Loan | undefined;
  let full = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let used = 0;
      while (used < chunk.length) {
        loan ??= await pool.lend(signal);
        const count = Math.min(chunk.length - used, bytes - full);
        loan.bytes.set(chunk.subarray(used, used + count), full);
        used += count;
        full += count;
        if (full === bytes) {
          const whole = loan;
          loan = undefined;
          full = 0;
          yield whole;
        }
      }
    }
  } finally {
    loan?.release();
  }
}
