import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import type { Component } from '../../../film/sample-format.ts';
import { type ChannelLayout, type ChunkLayout, type ExrChunk, sampleBytes } from './exr-chunk.ts';
import type { ExrPicture } from './exr-layer.ts';
import type { ExrChannel } from './exr-part.ts';

/** A line of a chunk's samples of one channel, as far as it is in the frame. */
export interface SeenLine {
  readonly component: Component;
  readonly type: ExrChannel['type'];
  /** Where it begins in the unpacked chunk. */
  readonly at: number;
  /** Where it begins in the plane, samples. */
  readonly from: number;
  readonly count: number;
}

/** True where pixels of a chunk are in the rows of the frame (its display window). */
export function isSeen({ part: { display } }: ExrPicture, chunk: ExrChunk, rows: FrameRange): boolean {
  return (
    chunk.top < display.top + rows.out &&
    chunk.top + chunk.height > display.top + rows.in &&
    chunk.left < display.left + display.width &&
    chunk.left + chunk.width > display.left
  );
}

/** The lines of the picture's channels that are in those rows of the frame; of a chunk that `isSeen`. */
export function seenLines(
  { part: { display }, channels }: ExrPicture,
  layout: ChunkLayout,
  chunk: ExrChunk,
  rows: FrameRange,
): SeenLine[] {
  const left = Math.max(chunk.left, display.left);
  const count = Math.min(chunk.left + chunk.width, display.left + display.width) - left;
  const top = Math.max(chunk.top, display.top + rows.in);
  const bottom = Math.min(chunk.top + chunk.height, display.top + rows.out);
  const lines: SeenLine[] = [];
  for (const [component, index] of channels) {
    const { channel, lines: starts } = layout.channels[index] as ChannelLayout;
    for (let y = top; y < bottom; y++) {
      const at = (starts[y - chunk.top] as number) + (left - chunk.left) * sampleBytes(channel);
      const from = (y - display.top) * display.width + left - display.left;
      lines.push({ component, type: channel.type, at, from, count });
    }
  }
  return lines;
}

/** The planes of a float plate by what they hold. */
export function planesByComponent({
  format,
  bytes,
  width,
  height,
}: Omit<Plate, 'frame'>): Map<Component, Float32Array> {
  const planes = planesOf(format, bytes, width, height);
  return new Map(
    format.planes.map(({ component }, k) => [component, (planes[k] as Plane).samples as Float32Array] as const),
  );
}
