import type { Changes } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { Declaration } from '../declaration.ts';
import type { SegmentFile } from './segment-files.ts';

/** One take as written, before it is conformed. */
export interface Segment extends FrameRange {
  /** Where it was published. */
  readonly folder: string;
  /** SHA-256, lower-case hex: of its file, or of its `files` together; see `sha256OfList`. */
  readonly sha256: string;
  /** Its files, in frame order where it is a file a frame; absent in takes of versions that did not tell: of frames, the hash is over all bytes then. */
  readonly files?: readonly SegmentFile[];
  /** Of a movie's take: SHA-256 of each packet of its picture, in the order in which they are shown. */
  readonly pictures?: readonly string[];
  /** True where its frames are the source's own packets, as they lie in its file. */
  readonly packets?: true;
}

/** The folder of a take, and the sink of its notes. */
export interface TakePlace {
  /** On the disk of the output; made where it is missing. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly note: (sentence: string) => void;
}

export interface ConformOptions {
  readonly signal: AbortSignal;
  /** True where what has the output's name is an earlier one, or a part of this one, and goes when this one is whole. */
  readonly replace: boolean;
  /** True where the segments are to stay as they are; else they may be used up. */
  readonly keep: boolean;
  /** Restorers of the faces in it, by name. */
  readonly restorers?: readonly string[];
}

/** What altered pictures declare, by the names of the restorers that restored their faces. */
export type Declaring = (restorers: readonly string[]) => Declaration;

/** A frame of an output, as it lies in its file or is one. */
export interface OutputFrame {
  /** Counted from the reel's first frame, from 0. */
  readonly frame: number;
  /** Of its file; absent in a movie. */
  readonly name?: string;
  /** Of its file, or of its packet in the movie: lower-case hex. */
  readonly sha256: string;
}

/** A file or folder that the run delivered. */
export interface Output {
  readonly path: string;
  /** Of the movie, or of a folder's files together in frame order; see `sha256OfList`. */
  readonly sha256: string;
  readonly frames: number;
  /** Its frames in order; absent of a movie whose packets are not a frame each. */
  readonly pictures?: readonly OutputFrame[];
}

/** What of a plate was altered, and by which restorers, by name. */
export interface Alteration extends Changes {
  readonly restorers?: readonly string[];
}

/** Writes one take, and at its end answers what was written. Nothing of it can be seen under a final name until `finish` has returned. */
export interface TakeWriter<Written = Segment> extends AsyncDisposable {
  /**
   * Writes the take's next frame, upright; resolves when its memory may be reused. `changed` tells the rows and columns that differ
   * from the source. Frames come in order and without gaps: a damaged one as `pass`.
   */
  write(plate: Plate, changed: Alteration | null): Promise<void>;
  /** Hands the source's own frame through, undecoded where the target can. */
  pass(frame: number): Promise<void>;
  /** Closes, checks the count of frames, makes it durable and publishes it into the take's folder. */
  finish(): Promise<Written>;
  /** Stops and removes what was not finished. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a restored reel goes: a folder of frames or a movie. */
export interface Target {
  /** Bytes that the whole output will take, roughly, and the takes of it that are `missing`, in frames; for the check of free space. */
  estimatedBytes(missing: number): number;
  /** Losses against the source, as sentences for the report. */
  readonly notes: readonly string[];
  /**
   * What a take's bytes depend on beside its plates and ffmpeg's version, and what the whole output does beside its segments: JSON
   * without a path.
   */
  coding(take: FrameRange & { readonly touched: boolean }): unknown;
  readonly conforming: unknown;
  openTake(take: FrameRange, place: TakePlace): Promise<TakeWriter>;
  /** Writes a take without a restored face, without decoding in this process. */
  copyTake(take: FrameRange, place: TakePlace): Promise<Segment>;
  /** True when the segment is in its folder, whole, with this hash. */
  holds(segment: Segment): Promise<boolean>;
  /** True when its files are as they were left, by size and time: they need not be read to be known. False where only reading can tell. */
  stands(segment: Segment): Promise<boolean>;
  /** Names in the output's folder that no frame of the reel has: what is not the target's to replace. */
  foreignFiles(): Promise<string[]>;
  /** Joins the segments and publishes the output under its final name. */
  conform(segments: readonly Segment[], options: ConformOptions): Promise<Output[]>;
}
