import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Rational, rational } from '../film/rational.ts';

/** When a frame is shown: `ticks` of `timeBase` seconds. */
export interface FrameTime {
  readonly ticks: number;
  readonly timeBase: Rational;
}

/**
 * Reads what ffmpeg's `framecrc` muxer writes: a line a frame, with its presentation time. Raw video has no times, so they are
 * written beside it, and a frame that a decoder dropped is known for what it is instead of moving all that follow.
 */
export async function* frameTimes(stream: Readable): AsyncGenerator<FrameTime> {
  let timeBase = rational(1);
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (base) timeBase = rational(Number(base[1]), Number(base[2]));
    const row = /^0,\s*-?\d+,\s*(-?\d+),/.exec(line);
    if (row) yield { ticks: Number(row[1]), timeBase };
  }
}

/** The same from a text. */
export function parseFrameTimes(text: string): FrameTime[] {
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(text);
  const timeBase = rational(Number(base?.[1] ?? 1), Number(base?.[2] ?? 1));
  return [...text.matchAll(/^0,\s*-?\d+,\s*(-?\d+),/gm)].map((row) => ({ ticks: Number(row[1]), timeBase }));
}
