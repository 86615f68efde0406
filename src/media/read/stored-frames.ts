import type { StoredPicture } from '../../film/orientation.ts';
import type { FrameRange } from '../../film/range.ts';
import { type Reel, storedAs } from '../../film/reel.ts';
import { FfmpegError } from '../ffmpeg/ffmpeg-error.ts';
import { type Decoding, type RawFrame, type RawPicture, rawFrames } from '../ffmpeg/raw-frames.ts';
import { FrameShortfall } from './frame-shortfall.ts';

/**
 * Decodes a range as its frames are stored. Frames that are stored in another size, as those that lie on their side, are decoded
 * by another process, because a decoder gives every picture the size of its first. See `rawFrames`.
 *
 * @param pictureOf what is decoded of frames that are stored like this one
 */
export async function* storedFrames(
  reel: Reel,
  range: FrameRange,
  pictureOf: (stored: StoredPicture) => RawPicture,
  decoding: Decoding,
): AsyncGenerator<RawFrame> {
  const runs = runsOf(reel, range);
  let missing: number[] = [];
  let failure: FrameShortfall | FfmpegError | undefined;
  let came = 0;
  for (const run of runs) {
    let next = run.in;
    try {
      for await (const frame of rawFrames(reel, run, pictureOf(storedAs(reel, run.in)), decoding)) {
        came += 1;
        next = frame.frame + 1;
        yield frame;
      }
    } catch (error) {
      decoding.signal.throwIfAborted();
      if (runs.length === 1 || !(error instanceof FrameShortfall || error instanceof FfmpegError)) throw error;
      failure ??= error;
      const lost = error instanceof FrameShortfall ? error.missing : wholeFrames(reel, { in: next, out: run.out });
      missing = missing.concat(lost);
    }
  }
  if (!failure) return;
  if (came === 0) throw failure;
  const log = failure instanceof FfmpegError ? failure.stderr : [];
  throw new FrameShortfall(reel, wholeFrames(reel, range).length, missing, log);
}

/** A range cut where the stored size changes. */
function runsOf(reel: Reel, range: FrameRange): FrameRange[] {
  const runs: FrameRange[] = [];
  for (let frame = range.in; frame < range.out; frame++) {
    const last = runs.at(-1);
    const { width, height } = storedAs(reel, frame);
    const before = last && storedAs(reel, last.in);
    if (last && before?.width === width && before.height === height)
      runs[runs.length - 1] = { ...last, out: frame + 1 };
    else runs.push({ in: frame, out: frame + 1 });
  }
  return runs;
}

function wholeFrames(reel: Reel, range: FrameRange): number[] {
  return Array.from({ length: range.out - range.in }, (_, k) => range.in + k).filter(
    (frame) => !reel.damaged.has(frame),
  );
}
