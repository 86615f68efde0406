import type { FrameRange } from '../film/range.ts';
import { advanceTimecode } from '../film/timecode.ts';
import type { ReelReview } from '../review/api.ts';

type Numbered = Pick<ReelReview, 'first' | 'timecode' | 'rate'>;

/** The number that people give a frame. */
export function peoplesNumber(reel: Numbered, frame: number): string {
  return String(reel.first + frame);
}

/** First and last number of a range: `1001–1022`. */
export function numbersOf(reel: Numbered, { in: from, out }: FrameRange): string {
  return out - from === 1
    ? peoplesNumber(reel, from)
    : `${peoplesNumber(reel, from)}–${peoplesNumber(reel, Math.max(from, out - 1))}`;
}

/** The timecode of a frame; null where the reel has none. */
export function timecodeAt(reel: Numbered, frame: number): string | null {
  return reel.timecode === null ? null : advanceTimecode(reel.timecode, frame, reel.rate);
}

export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
