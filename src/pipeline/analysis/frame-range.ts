import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import { ReelError } from '../../film/reel-error.ts';

/**
 * The requested frames, counted from the reel's first.
 *
 * @param asked inclusive, in the reel's own numbering; absent = all
 * @throws ReelError for frames outside the reel
 */
export function framesAsked(
  reel: Reel,
  asked: { readonly first: number; readonly last: number } | undefined,
): FrameRange {
  if (!asked) return { in: 0, out: reel.frames };
  const last = reel.first + reel.frames - 1;
  if (asked.first < reel.first || asked.last > last) {
    throw new ReelError(
      `--range ${asked.first}-${asked.last}: "${reel.path}" has frames ${reel.first} to ${last}. Ask for frames inside it.`,
    );
  }
  return { in: asked.first - reel.first, out: asked.last - reel.first + 1 };
}
