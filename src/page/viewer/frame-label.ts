import { advanceTimecode } from '../../film/timecode.ts';
import type { ReelReview } from '../../review/api.ts';

type Named = Pick<ReelReview, 'first' | 'timecode' | 'nominalRate' | 'rate'>;

/** The number that people give a frame. */
export function numberOf({ first }: Pick<ReelReview, 'first'>, frame: number): number {
  return first + frame;
}

/** The timecode of a frame; null where the reel has none. */
export function timecodeOf({ timecode, rate }: Named, frame: number): string | null {
  return timecode === null ? null : advanceTimecode(timecode, frame, rate);
}

/** Number and timecode, as `1023 · 01:00:00:22`. */
export function labelOfFrame(reel: Named, frame: number): string {
  const timecode = timecodeOf(reel, frame);
  return timecode === null ? `${numberOf(reel, frame)}` : `${numberOf(reel, frame)} · ${timecode}`;
}

/** Why a frame cannot be shown, as a sentence; null for one that can. */
export function damageOf({ first, damaged }: Pick<ReelReview, 'first' | 'damaged'>, frame: number): string | null {
  const found = damaged.find((one) => one.frame === frame);
  return found ? `Frame ${numberOf({ first }, frame)} is damaged and was passed through: ${found.reason}` : null;
}
