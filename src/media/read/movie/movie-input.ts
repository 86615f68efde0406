import { type FrameRange, lengthOf } from '../../../film/range.ts';
import { toNumber } from '../../../film/rational.ts';
import type { MovieReel } from '../../../film/reel.ts';
import type { FrameInput } from '../frame-input.ts';

/**
 * Seconds before the first wanted frame from which decoding starts, in order of trying: the key frame just before it, one well
 * before it (an open group of pictures, or an index that lies), the start of the file.
 */
const PREROLLS = [0, 5, Infinity] as const;
export const SEEK_ATTEMPTS: number = PREROLLS.length;

/**
 * How ffmpeg reads a range of a movie.
 *
 * @param attempt 0 … SEEK_ATTEMPTS − 1: how far before the range decoding starts
 */
export function movieInput(reel: MovieReel, range: FrameRange, attempt: number): FrameInput {
  if (reel.byPlace) return inputByPlace(reel, range);
  const { times, timeBase } = reel;
  const unit = toNumber(timeBase);
  const first = times[range.in] as number;
  const halfFrame = (0.5 * reel.rate.den) / reel.rate.num;
  const start = first * unit - halfFrame - (PREROLLS[attempt] as number);
  const seeks = range.in > 0 && start > (times[0] as number) * unit && isSeekable(reel);
  const end = times[range.out];
  const frames = Array.from({ length: lengthOf(range) }, (_, k) => range.in + k);
  return {
    source: `file:${reel.path}`,
    options: [
      // The frames are cut by their own integer times, in the filter; the seek need only come early enough.
      ...(seeks ? ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', start.toFixed(6)] : []),
      ...['-copyts', '-noautorotate'],
    ],
    filters: [`trim=start_pts=${first}${end === undefined ? '' : `:end_pts=${end}`}`],
    limit: frames.length,
    frames: frames.filter((frame) => !reel.damaged.has(frame)),
    frameAt: (time) =>
      nearest(times, range, ((time.ticks * toNumber(time.timeBase)) as number) / unit, halfFrame / unit),
    seeks,
  };
}

/** Frames are numbered with so many ticks a second as they leave the decoder; any number does. */
const TICKS_A_SECOND = 1000;

/** A seek would land at one of several frames of a time, so the file is decoded from its start and its frames are counted. */
function inputByPlace(reel: MovieReel, range: FrameRange): FrameInput {
  const frames = Array.from({ length: lengthOf(range) }, (_, k) => range.in + k);
  return {
    source: `file:${reel.path}`,
    options: ['-noautorotate'],
    filters: [`settb=1/${TICKS_A_SECOND}`, 'setpts=N', `trim=start_pts=${range.in}:end_pts=${range.out}`],
    limit: frames.length,
    frames: frames.filter((frame) => !reel.damaged.has(frame)),
    frameAt: ({ ticks, timeBase }) => {
      const frame = Math.round((ticks * timeBase.num * TICKS_A_SECOND) / timeBase.den);
      return frame >= range.in && frame < range.out ? frame : undefined;
    },
    seeks: false,
  };
}

/** Containers that give every packet its time. In others a decoder guesses times from where it began, and would guess otherwise. */
const TIMED = /^(mov|matroska|mxf|nut|mpegts|flv|gif)\b/;
/** Codecs without inter-frame coding, of which no time has to be guessed. */
const INTRA =
  /^(ffv1|prores|dnxhd|mjpeg|rawvideo|v210|v410|utvideo|huffyuv|ffvhuff|magicyuv|png|dvvideo|cfhd|jpeg2000)$/;

/** True where decoding may begin at any frame of a movie without reading all before it. */
export function isSeekable(reel: MovieReel): boolean {
  return TIMED.test(reel.container) || INTRA.test(reel.codec);
}

/** The frame of `range` whose time lies nearest to `ticks`, if that is nearer than half a frame. */
function nearest(times: readonly number[], range: FrameRange, ticks: number, within: number): number | undefined {
  let low = range.in;
  let high = range.out - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < ticks) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(range.in, low - 1);
  const best = Math.abs((times[before] as number) - ticks) < Math.abs((times[low] as number) - ticks) ? before : low;
  return Math.abs((times[best] as number) - ticks) < within ? best : undefined;
}
