import type { FrameTime } from './frame-times.ts';

/** How ffmpeg is told to decode frames of a reel, and how those that come are recognised. */
export interface FrameInput {
  readonly source: string;
  readonly options: readonly string[];
  /** What must be written to ffmpeg's stdin: a list of files, or the frames themselves. */
  readonly stdin?: string | AsyncIterable<Uint8Array>;
  /** Filters that let only the wanted frames through. */
  readonly filters: readonly string[];
  /** The frames that are expected, in order. */
  readonly frames: readonly number[];
  /** The most frames that may come: those that are damaged may, too. */
  readonly limit: number;
  /** Which frame is shown at that time; undefined where none is. */
  frameAt(time: FrameTime): number | undefined;
  /** True where decoding begins inside the file, so that a missing first frame may be the seek's fault. */
  readonly seeks: boolean;
}
