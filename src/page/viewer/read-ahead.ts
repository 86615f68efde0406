/** Largest step that is taken for a habit: a jump further is none. */
const LONGEST_STRIDE = 10;

/** How a person goes through the frames: as far at a time as he went last, in the same direction. */
export function strideOf(before: number, now: number): number {
  const stride = now - before;
  return stride === 0 || Math.abs(stride) > LONGEST_STRIDE ? 1 : stride;
}

/**
 * Frames in the order in which they are wanted: the one that is looked at, those that come next at this stride, and the one before.
 *
 * @param range the frames that there are
 * @param count how many come next
 */
export function framesAhead(
  frame: number,
  { stride, count, range }: { readonly stride: number; readonly count: number; readonly range: HalfOpen },
): readonly number[] {
  const next = Array.from({ length: count }, (_, k) => frame + (k + 1) * stride);
  const inside = (at: number) => at >= range.in && at < range.out;
  return [frame, ...next.filter(inside), ...[frame - stride].filter(inside)];
}

/**
 * How many frames may be read ahead so that they and what is looked at have room.
 *
 * @param kinds pictures of a frame
 */
export function aheadWithin(bytes: number, { picture, kinds }: { picture: number; kinds: number }): number {
  const room = Math.floor(bytes / (picture * kinds)) - 2;
  return Math.max(1, Math.min(MOST_AHEAD, room));
}

/** Frames that are worth asking for before they are wanted: a third of a second. */
const MOST_AHEAD = 8;

/** Frames from `in` up to, but without, `out`. */
export interface HalfOpen {
  readonly in: number;
  readonly out: number;
}
