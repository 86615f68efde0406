import type { Readable } from 'node:stream';
import type { PictureSize } from '../../film/orientation.ts';
import { type Rational, rational } from '../../film/rational.ts';

/** When a frame is shown: `ticks` of `timeBase` seconds. */
export interface FrameTime {
  readonly ticks: number;
  readonly timeBase: Rational;
}

/** A frame as `framecrc` lists it. */
export interface ListedFrame extends FrameTime {
  /** Bytes of the frame as it was written; of raw video, those of its own size. */
  readonly bytes: number;
}

/** Stream, decoding time, presentation time, duration, bytes, checksum. */
const ROW = /^0,\s*-?\d+,\s*(-?\d+),\s*-?\d+,\s*(\d+),/;

/** Times as they come; see `frameTimes`. */
export interface FrameTimes {
  /** The pictures' size as ffmpeg made them, known when the first time is. */
  readonly size: PictureSize | undefined;
  /** The next frame's time; undefined when there are no more. */
  next(): Promise<ListedFrame | undefined>;
}

/**
 * Reads what ffmpeg's `framecrc` muxer writes: a line a frame, with its presentation time. Raw video has no times, so they are
 * written beside it. A frame that the decoder dropped is then known, and those after it keep their places.
 *
 * Reads from the call on: the end of an unread stream is missed when its process ends.
 */
export function frameTimes(stream: Readable): FrameTimes {
  const times: ListedFrame[] = [];
  let timeBase = rational(1);
  let size: PictureSize | undefined;
  let partial = '';
  let ended = false;
  let wake = (): void => {};
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (partial + chunk).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
      if (base) timeBase = rational(Number(base[1]), Number(base[2]));
      const dimensions = /^#dimensions 0: (\d+)x(\d+)/.exec(line);
      if (dimensions) size = { width: Number(dimensions[1]), height: Number(dimensions[2]) };
      const row = ROW.exec(line);
      if (row) times.push({ ticks: Number(row[1]), timeBase, bytes: Number(row[2]) });
    }
    wake();
  });
  stream.once('close', () => {
    ended = true;
    wake();
  });
  return {
    get size() {
      return size;
    },
    async next() {
      while (times.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return times.shift();
    },
  };
}

/** The times in a whole text of that kind. */
export function parseFrameTimes(text: string): ListedFrame[] {
  const base = /^#tb 0: (\d+)\/(\d+)/m.exec(text);
  const timeBase = rational(Number(base?.[1] ?? 1), Number(base?.[2] ?? 1));
  return text.split('\n').flatMap((line) => {
    const row = ROW.exec(line);
    return row ? [{ ticks: Number(row[1]), timeBase, bytes: Number(row[2]) }] : [];
  });
}
