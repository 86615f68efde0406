import type { ColourTags, Transfer } from './colour.ts';
import type { Rational } from './rational.ts';
import type { SampleFormat } from './sample-format.ts';

/** The facts that every reel has, a folder or a movie. */
interface Picture {
  /** As given, made absolute. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly rate: Rational;
  /** Number of frames. */
  readonly frames: number;
  /** The number people give the first frame: the file's own in a folder, 1 in a movie. */
  readonly first: number;
  readonly format: SampleFormat;
  /** The pixel format as stored, before it is laid out in planes. */
  readonly pixelFormat: string;
  readonly colour: ColourTags;
  readonly transfer: Transfer;
  /** Frames that cannot be read, with the reason; they are passed through. Counted from 0. */
  readonly damaged: ReadonlyMap<number, string>;
  /** What a person should know about how it was read, as sentences for the report. */
  readonly notes?: readonly string[];
}

export type StillKind = 'dpx' | 'tiff' | 'png' | 'jpeg' | 'exr';

/** A folder of numbered stills, one a frame. */
export interface FolderReel extends Picture {
  readonly kind: 'folder';
  readonly still: StillKind;
  /** Absolute file names; `files[i]` is frame `i`. An entry is null where numbers are missing and gaps are allowed. */
  readonly files: readonly (string | null)[];
  /** True where files are read by this program, because ffmpeg does not read them all, or not rightly. */
  readonly unpacked?: true;
  /** The layer of each still that is worked on, where one was asked for. */
  readonly layer?: string;
}

/** A movie file. */
export interface MovieReel extends Picture {
  readonly kind: 'movie';
  /** ffmpeg's names of the container and the picture's codec. */
  readonly container: string;
  readonly codec: string;
  /** Presentation time of each frame in units of `timeBase`, rising. */
  readonly times: readonly number[];
  readonly timeBase: Rational;
  /** Start timecode as the file labels it, if it does. */
  readonly timecode?: string;
  /** Pixel aspect, 1/1 where the file does not say. */
  readonly pixelAspect: Rational;
  /** `progressive`, or ffmpeg's name of the field order. */
  readonly fields: string;
  readonly audioStreams: number;
  readonly subtitleStreams: number;
  /** Clockwise degrees by which players turn the picture. Frames are worked on as stored. */
  readonly rotation: number;
}

/** One source's picture. A reel is one sequence; unrelated stills are not a reel. */
export type Reel = FolderReel | MovieReel;

/** The number of frame `index` in the reel's own numbering. */
export function frameNumber(reel: Reel, index: number): number {
  return reel.first + index;
}
