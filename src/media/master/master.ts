import type { FrameRange } from '../../film/range.ts';
import type { Reel } from '../../film/reel.ts';
import type { FileInfo } from '../ffmpeg/probe-streams.ts';
import { codingFilters, type TakeCoding } from '../write/movie/take-coding.ts';
import type { MasterForm } from './master-form.ts';
import type { PreparedSound } from './master-sound.ts';

/** A finished reel, and what of it masters are made of. */
export interface MasterSource {
  readonly reel: Reel;
  readonly range: FrameRange;
  /** The movie's streams and tags; absent of a folder. */
  readonly file: FileInfo | undefined;
  readonly sound: PreparedSound | undefined;
  /** Label of the range's first frame. */
  readonly timecode: string | undefined;
  /** Name of the reel for timecode tracks. */
  readonly reelName: string | undefined;
}

/** One deliverable before it is written. */
export interface Master {
  readonly form: MasterForm;
  /** Its final file; of frames, the folder. Absolute. */
  readonly path: string;
  /** Of the picture behind `shown`. */
  readonly coding: TakeCoding;
  /** From the reel's samples to that picture, and the labels over it. */
  readonly shown: readonly string[];
  readonly labels: readonly string[];
  /** Files that these filters read, by name: text. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** Filters from a reel's samples in planes to what the encoder is handed. */
export function masterFilters({ shown, coding, labels }: Master): string[] {
  const { coded } = coding;
  return [...shown, ...codingFilters(coding), ...labels, ...(coded.exact ? [] : [`format=${coded.pixelFormat}`])];
}
