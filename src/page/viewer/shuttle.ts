import type { HalfOpen } from './read-ahead.ts';

/** How many times the reel's rate is played, negative backwards; 0 = standing. */
export type Speed = -4 | -2 | -1 | 0 | 1 | 2 | 4;

/** What pressing L (or J, backwards) makes of a speed: once, twice, four times the rate; against the direction of playing, once. */
export function shuttled(speed: Speed, direction: 1 | -1): Speed {
  const along = speed * direction;
  return ((along <= 0 ? 1 : Math.min(4, along * 2)) * direction) as Speed;
}

/** A run of playing that is kept by a clock: a frame that does not come is left out, and the rate stays. */
export interface Run {
  readonly from: number;
  /** Frames a second of the reel. */
  readonly rate: number;
  readonly speed: Speed;
  /** Is played in a circle where `loops`; else playing ends at its edge. */
  readonly range: HalfOpen;
  readonly loops: boolean;
}

/** The frame that is due after so many milliseconds, and whether the run ended with it. */
export function dueFrame({ from, rate, speed, range, loops }: Run, ms: number): { frame: number; hasEnded: boolean } {
  const passed = Math.trunc((ms / 1000) * rate * speed);
  const length = range.out - range.in;
  const at = from - range.in + passed;
  if (at >= 0 && at < length) return { frame: range.in + at, hasEnded: false };
  if (loops) return { frame: range.in + (((at % length) + length) % length), hasEnded: false };
  return { frame: at < 0 ? range.in : range.out - 1, hasEnded: true };
}

/**
 * Frames a second that were really shown, up to now, by the times at which the last ones were, ms; null before there are two. It falls
 * while none comes.
 */
export function measuredRate(times: readonly number[], now: number): number | null {
  const first = times[0];
  if (first === undefined || times.length < 2 || now <= first) return null;
  return (times.length * 1000) / (now - first);
}
