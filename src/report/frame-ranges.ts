import type { FrameRange } from '../film/range.ts';

/** Frames in ascending order as ranges of frames that follow one another. */
export function rangesOf(frames: readonly number[]): FrameRange[] {
  const ranges: { in: number; out: number }[] = [];
  for (const frame of frames) {
    const last = ranges.at(-1);
    if (last?.out === frame) last.out += 1;
    else ranges.push({ in: frame, out: frame + 1 });
  }
  return ranges;
}

/** Ranges that are named; the rest is only counted. */
const NAMED = 6;

/** Ranges as people call them, `frames 1004–1010, 1015 and 3 more`; `first` is what they call frame 0. */
export function rangeWords(ranges: readonly FrameRange[], first: number): string {
  const words = ranges.slice(0, NAMED).map(({ in: from, out }) => {
    return out - from === 1 ? String(from + first) : `${from + first}–${out - 1 + first}`;
  });
  const more = ranges.length - words.length;
  const isOne = ranges.length === 1 && ranges.every(({ in: from, out }) => out - from === 1);
  return `${isOne ? 'frame' : 'frames'} ${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
