import type { FrameRange } from '../../film/range.ts';
import type { Shot, Take } from '../../film/shot.ts';

/** The frames that are read to render a take: itself and `window` frames more on each side, never across its shot's cuts. */
export function withHandles(take: Take, shot: Shot, window: number): FrameRange {
  return { in: Math.max(shot.in, take.in - window), out: Math.min(shot.out, take.out + window) };
}
