import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';

/** One take as written, before it is conformed. */
export interface Segment extends FrameRange {
  /** SHA-256 over the written files' bytes in frame order, lower-case hex. */
  readonly sha256: string;
}

/** A file or folder that the run delivered. */
export interface Output {
  readonly path: string;
  readonly sha256: string;
  readonly frames: number;
}

/** Writes one take. Nothing of it can be seen under a final name until `finish` has returned. */
export interface TakeWriter extends AsyncDisposable {
  /**
   * Writes the take's next frame; resolves when its memory may be reused. `changed` lists the rows `[from, to)` that differ
   * from the source. Frames come in order and without gaps: a damaged one as `pass`.
   */
  write(plate: Plate, changed: FrameRange | null): Promise<void>;
  /** Hands the source's own frame through, undecoded where the target can. */
  pass(frame: number): Promise<void>;
  /** Closes, checks the count of frames, makes it durable and publishes it into the work folder. */
  finish(): Promise<Segment>;
  /** Stops and removes what was not finished. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a restored reel goes: a folder of frames or a movie. */
export interface Target {
  /** Bytes that the whole output will take, roughly; for the check of free space. */
  readonly estimatedBytes: number;
  /** What the target cannot hold of the source, as sentences for the report. */
  readonly notes: readonly string[];
  openTake(take: FrameRange, signal: AbortSignal): Promise<TakeWriter>;
  /** Writes a take without a restored face, without decoding in this process. */
  copyTake(take: FrameRange, signal: AbortSignal): Promise<Segment>;
  /** True when the segment is in the work folder, whole, with this hash. */
  holds(segment: Segment): Promise<boolean>;
  /** Joins the segments and publishes the output under its final name. */
  conform(segments: readonly Segment[], signal: AbortSignal): Promise<Output[]>;
}
