import type { FrameRange } from '../../film/range.ts';

/** A shot, or a part of one, that was tracked in one go. */
export interface TrackedPart extends FrameRange {
  /** False where the shot begins before it, or goes on behind it. */
  readonly startsShot: boolean;
  readonly endsShot: boolean;
}

/** A part of a range: kept, or still to be tracked. */
export type RangePart<Kept extends TrackedPart> =
  | { readonly kept: Kept; readonly range: FrameRange }
  | { readonly kept: null; readonly range: FrameRange };

/**
 * Covers a range with kept shots and with gaps to be tracked. Each gap begins and ends at a cut or at the range's own ends. A
 * kept part of a shot serves only where it holds all that the range has of that shot, so that tracks never end at a seam that is
 * no cut.
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

/** Ranges, in order, joined where they touch or overlap and where one kept part serves several: its tracks would come twice. */
export function joinedRanges<Kept extends TrackedPart>(
  ranges: readonly FrameRange[],
  kept: readonly Kept[],
): FrameRange[] {
  const joined: FrameRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    const serving = last && planRange(last, kept).at(-1)?.kept;
    const isOne = last && (last.out >= range.in || (serving && planRange(range, kept)[0]?.kept === serving));
    if (isOne) joined[joined.length - 1] = { in: last.in, out: Math.max(last.out, range.out) };
    else joined.push({ in: range.in, out: range.out });
  }
  return joined;
}
