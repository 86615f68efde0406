/** Frames `[in, out)`, counted from the reel's first frame, from 0. */
export interface FrameRange {
  readonly in: number;
  /** The first frame that is not in it. */
  readonly out: number;
}

export function lengthOf(range: FrameRange): number {
  return range.out - range.in;
}

export function contains(range: FrameRange, frame: number): boolean {
  return frame >= range.in && frame < range.out;
}

/** The frames that both hold; of length 0 where there are none. */
export function overlap(a: FrameRange, b: FrameRange): FrameRange {
  const from = Math.max(a.in, b.in);
  return { in: from, out: Math.max(from, Math.min(a.out, b.out)) };
}
