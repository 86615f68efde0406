import type { HalfOpen } from './read-ahead.ts';
import type { Speed } from './shuttle.ts';

/** Where playing is, and what there is for it. */
export interface Playhead {
  /** The frame that is due. */
  readonly due: number;
  readonly speed: Speed;
  readonly range: HalfOpen;
  readonly loops: boolean;
  /** True for frames that are there, or on their way. */
  readonly has: (frame: number) => boolean;
  /** Frames that pass at once the rate until an answer comes: what is due before it would come too late. */
  readonly lead: number;
}

/** Frames that are kept ready before they are due, and those of one request. */
export interface BlockSizes {
  readonly ahead: number;
  readonly block: number;
}

/** The next frames to be asked for: the first ones that are missing in the direction of playing; null where enough are there. */
export function nextBlock(
  { due, speed, range, loops, has, lead }: Playhead,
  { ahead, block }: BlockSizes,
): { readonly from: number; readonly count: number } | null {
  const direction = speed < 0 ? -1 : 1;
  const length = range.out - range.in;
  const at = (steps: number): number | null => {
    const offset = due - range.in + direction * steps;
    if (offset >= 0 && offset < length) return range.in + offset;
    return loops && steps < length ? range.in + (((offset % length) + length) % length) : null;
  };
  const isMissing = (frame: number | null): frame is number => frame !== null && !has(frame);
  const late = has(due) ? 0 : Math.round(lead * Math.abs(speed));
  // At the end of what there is, a late answer is better than none.
  const first = at(late) === null ? 0 : late;
  for (let steps = first; steps < first + ahead; steps++) {
    const begin = at(steps);
    if (!isMissing(begin)) continue;
    let count = 1;
    while (count < block && at(steps + count) === begin + direction * count && isMissing(begin + direction * count)) {
      count += 1;
    }
    return { from: direction > 0 ? begin : begin - count + 1, count };
  }
  return null;
}
