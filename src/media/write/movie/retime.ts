import type { FrameRange } from '../../../film/range.ts';
import { formatRational, type Rational, rational, toNumber } from '../../../film/rational.ts';
import type { MovieReel, Reel } from '../../../film/reel.ts';
import { isVariableRate } from '../../read/frame-rate.ts';

/** Units in which all frame times of a reel are whole: its time base, or the numerator of its constant rate. */
export function timeUnit(reel: Reel): Rational {
  return reel.kind === 'movie' && isVariableRate(reel) ? reel.timeBase : rational(1, reel.rate.num);
}

/** Filters that show a take's frames each at its own time, the first at 0. */
export function takeTimes(reel: Reel, take: FrameRange): string[] {
  if (reel.kind === 'folder' || !isVariableRate(reel)) return constantTimes(reel, 0);
  const start = reel.times[take.in] as number;
  const times = reel.times.slice(take.in, take.out).map((time) => time - start);
  return [`settb=${formatRational(timeUnit(reel))}`, `setpts='${table(times, 0, times.length)}'`];
}

/** Filters that show frames at a constant rate, the first at `offset` seconds. */
export function constantTimes({ rate }: Reel, offset: number): string[] {
  return [`settb=1/${rate.num}`, `setpts=N*${rate.den}+${Math.round(offset * rate.num)}`];
}

/** ffmpeg's packet filter that does so for packets, in whatever unit they come. */
export function constantPacketTimes({ rate }: Reel, offset: number): string {
  const time = `round((N*${rate.den}+${Math.round(offset * rate.num)})/${rate.num}/TB)`;
  return `setts=pts='${time}':dts='${time}'`;
}

/** How long the frames of a range are shown together, seconds. */
export function secondsOf(reel: Reel, range: FrameRange): number {
  if (reel.kind === 'folder' || !isVariableRate(reel)) return ((range.out - range.in) * reel.rate.den) / reel.rate.num;
  const end = (reel.times[range.out - 1] as number) + lastDuration(reel, range);
  return (end - (reel.times[range.in] as number)) * toNumber(reel.timeBase);
}

/** A movie's last frame has no successor to say how long it is shown: its packet does, else the mean rate. */
function lastDuration(reel: MovieReel, range: FrameRange): number {
  const next = reel.times[range.out];
  const last = reel.times[range.out - 1] as number;
  if (next !== undefined) return next - last;
  const ticks = (reel.timeBase.den * reel.rate.den) / (reel.timeBase.num * reel.rate.num);
  return Math.max(1, reel.lastDuration ?? Math.round(ticks));
}

/**
 * ffmpeg's packet filter that gives the last frame of a range its own duration, when frames are shown for different times: encoders
 * and joins give it the mean.
 *
 * @param offset Seconds at which the first frame is shown.
 */
export function lastPacketDuration(reel: MovieReel, range: FrameRange, offset: number): string {
  const unit = toNumber(reel.timeBase);
  const duration = lastDuration(reel, range) * unit;
  const start = offset + ((reel.times[range.out - 1] as number) - (reel.times[range.in] as number)) * unit;
  // Containers round times to their own units, ms in Matroska; frames are further apart.
  // Without its own expression ffmpeg (seen in 5.1) puts the decoding time in place of the other.
  return `setts=pts=PTS:dts=DTS:duration='if(gte(PTS*TB,${(start - 0.002).toFixed(6)}),round(${duration.toFixed(9)}/TB),DURATION)'`;
}

/** A list as an expression of the frame's number N: a tree of comparisons, as ffmpeg's expressions have no arrays. */
function table(values: readonly number[], from: number, to: number): string {
  if (to - from === 1) return `${values[from]}`;
  const middle = (from + to) >> 1;
  return `if(lt(N,${middle}),${table(values, from, middle)},${table(values, middle, to)})`;
}
