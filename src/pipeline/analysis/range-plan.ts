import type { FrameRange } from '../../film/range.ts';

/** A shot, or a part of one, that was looked at in one go. */
export interface TrackedPart extends FrameRange {
  /** False where the shot begins before it, or goes on behind it. */
  readonly startsShot: boolean;
  readonly endsShot: boolean;
}

/** A part of a range: one that is kept, or one that is still to be looked at. */
export type RangePart<Kept extends TrackedPart> =
  | { readonly kept: Kept; readonly range: FrameRange }
  | { readonly kept: null; readonly range: FrameRange };

/**
 * Covers a range with shots that are kept, and with gaps that are to be looked at: each gap begins and ends at the range's own ends
 * or at cuts. A kept part of a shot serves where it holds all that the range has of that shot; else that is looked at anew, so that
 * no face is followed up to a seam that is no cut.
 */
export function planRange<Kept extends TrackedPart>(range: FrameRange, kept: readonly Kept[]): RangePart<Kept>[] {
  const serving = kept
    .filter(({ in: from, out, startsShot, endsShot }) => {
      const meets = from < range.out && out > range.in;
      return meets && (startsShot || from <= range.in) && (endsShot || out >= range.out);
    })
    .sort((a, b) => a.in - b.in || b.out - a.out);
  const parts: RangePart<Kept>[] = [];
  for (let at = range.in; at < range.out; ) {
    // At the range's beginning a shot may have begun before it; elsewhere one begins where the last ended.
    const next = serving.find((one) => (at === range.in ? one.in <= at && one.out > at : one.in === at));
    const later = serving.find((one) => one.in > at);
    const out = Math.min(range.out, next?.out ?? later?.in ?? range.out);
    parts.push({ kept: next ?? null, range: { in: at, out } } as RangePart<Kept>);
    at = out;
  }
  return parts;
}
