import type { Readable } from 'node:stream';
import { type Rational, rational } from '../../film/rational.ts';
import type { ListedFrame } from '../read/frame-times.ts';

/** A frame that ffmpeg's `framehash` muxer has listed. */
export interface HashedFrame {
  readonly time: ListedFrame;
  /** As ffmpeg writes it. */
  readonly hash: string;
}

/** Stream, decoding time, presentation time, duration, bytes, hash. */
const ROW = /^0,\s*-?\d+,\s*(-?\d+),\s*-?\d+,\s*(\d+),\s*([0-9a-f]+)/;

/** Reads what the `framehash` muxer writes to its end, and tells how many frames have come. */
export async function listedHashes(stream: Readable, onFrame: (done: number) => void): Promise<HashedFrame[]> {
  const frames: HashedFrame[] = [];
  let timeBase: Rational = rational(1);
  let partial = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (partial + chunk).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
      if (base) timeBase = rational(Number(base[1]), Number(base[2]));
      const row = ROW.exec(line);
      if (!row) continue;
      frames.push({ time: { ticks: Number(row[1]), timeBase, bytes: Number(row[2]) }, hash: row[3] as string });
      onFrame(frames.length);
    }
  }
  return frames;
}

/** The hashes in a whole text of that kind, in order. */
export function hashesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => ROW.exec(line)?.[3] ?? []);
}
