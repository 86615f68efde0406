import type { FrameRange } from '../film/range.ts';
import { advanceTimecode } from '../film/timecode.ts';
import type { ReelReview } from '../review/api.ts';

type Numbered = Pick<ReelReview, 'first'>;
type Timed = Pick<ReelReview, 'first' | 'timecode' | 'rate'>;

/** The number that people give a frame. */
export function peoplesNumber({ first }: Numbered, frame: number): number {
  return first + frame;
}

/** First and last number of a range: `1001–1022`. */
export function numbersOf(reel: Numbered, { in: from, out }: FrameRange): string {
  return out - from === 1
    ? `${peoplesNumber(reel, from)}`
    : `${peoplesNumber(reel, from)}–${peoplesNumber(reel, Math.max(from, out - 1))}`;
}

/** The timecode of a frame; null where the reel has none. */
export function timecodeAt({ timecode, rate }: Omit<Timed, 'first'>, frame: number): string | null {
  return timecode === null ? null : advanceTimecode(timecode, frame, rate);
}

/** Number and timecode, as `1023 · 01:00:00:22`. */
export function labelOfFrame(reel: Timed, frame: number): string {
  const timecode = timecodeAt(reel, frame);
  return timecode === null ? `${peoplesNumber(reel, frame)}` : `${peoplesNumber(reel, frame)} · ${timecode}`;
}

/** Why a frame cannot be shown, as a sentence; null for one that can. */
export function damageOf(reel: Numbered & Pick<ReelReview, 'damaged'>, frame: number): string | null {
  const found = reel.damaged.find((one) => one.frame === frame);
  return found ? `Frame ${peoplesNumber(reel, frame)} is damaged and was passed through: ${found.reason}` : null;
}

export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
