import type { ColourTags, Transfer } from './colour.ts';
import type { Hdr10 } from './hdr.ts';
import { type StoredPicture, swapsSides } from './orientation.ts';
import type { Rational } from './rational.ts';
import type { SampleFormat } from './sample-format.ts';
import { advanceTimecode } from './timecode.ts';

/** The facts that every reel has, a folder or a movie. Its picture is upright: as people see it, whichever way it is stored. */
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
  /** Of upright plates. */
  readonly format: SampleFormat;
  /** The pixel format as stored, before it is laid out in planes and turned. */
  readonly pixelFormat: string;
  /** As stored, by its file's tags and `agreedColour`: where chroma is sited in upright plates, `uprightChroma` tells. */
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
  /** How each frame is stored; absent where all are stored upright. */
  readonly stored?: readonly StoredPicture[];
  /** Timecode of the first frame, where its file has one and the frames after it count on. */
  readonly timecode?: string;
  /** Pixel aspect, where the first file states another than 1/1. */
  readonly pixelAspect?: Rational;
  /** The layer of each still that is worked on, where one was asked for. */
  readonly layer?: string;
}

/** A movie file. */
export interface MovieReel extends Picture {
  readonly kind: 'movie';
  /** ffmpeg's names of the container and the picture's codec. */
  readonly container: string;
  readonly codec: string;
  /**
   * Where every packet is a whole picture, in the order in which they are shown and none hidden: the codec's profile by ffmpeg's name,
   * empty where it has none. Absent where frames lean on others.
   */
  readonly wholePackets?: { readonly profile: string };
  /** Presentation time of each frame in units of `timeBase`, rising. */
  readonly times: readonly number[];
  readonly timeBase: Rational;
  /** For how many units the last frame is shown, where the file says it. */
  readonly lastDuration?: number;
  /** True where the file's own times repeat or go back: a frame is then known by its place in decoding order alone. */
  readonly byPlace?: true;
  /** Start timecode as the file labels it, if it does. */
  readonly timecode?: string;
  /** Pixel aspect, 1/1 where the file does not say. */
  readonly pixelAspect: Rational;
  /** `progressive`, or ffmpeg's name of the field order. */
  readonly fields: string;
  /** What HDR10 states of the whole movie, where it does. */
  readonly hdr10?: Hdr10;
  readonly audioStreams: number;
  readonly subtitleStreams: number;
  /** How its frames are stored; absent where they are stored upright. */
  readonly stored?: StoredPicture;
  /**
   * The matrix by which players place the picture, row by row as ISO/IEC 14496-12 §6.2.2 has it: 16.16 fixed point, the last column
   * 2.30; absent where it changes nothing.
   */
  readonly displayMatrix?: readonly number[];
}

/** One source's picture. A reel is one sequence; unrelated stills are not a reel. */
export type Reel = FolderReel | MovieReel;

/** How a frame lies in its file. */
export function storedAs(reel: Reel, frame: number): StoredPicture {
  const stored = reel.kind === 'folder' ? reel.stored?.[frame] : reel.stored;
  return stored ?? { width: reel.width, height: reel.height, orientation: 1 };
}

/** Width of an upright plate's pixel by its height. */
export function uprightPixelAspect(reel: Reel): number {
  const { num, den } = reel.pixelAspect ?? { num: 1, den: 1 };
  return swapsSides(storedAs(reel, 0).orientation) ? den / num : num / den;
}

/** True where plates are the stored samples in their own order, in every frame. */
export function isStoredUpright(reel: Reel): boolean {
  return reel.stored === undefined;
}

/** The timecode of frame `index`, counted from 0; null where the reel has none that can be read. */
export function frameTimecode({ timecode, rate }: Pick<Reel, 'timecode' | 'rate'>, index: number): string | null {
  return timecode === undefined ? null : advanceTimecode(timecode, index, rate);
}

/** Which frames the reel has, as people name them. */
export function describeFrames(reel: Reel): string {
  const [begin, end] = [frameTimecode(reel, 0), frameTimecode(reel, reel.frames - 1)];
  const labelled = begin === null || end === null ? '' : `, timecode ${begin} to ${end}`;
  return `frames ${reel.first} to ${reel.first + reel.frames - 1}${labelled}`;
}

/** The number of frame `index` in the reel's own numbering. */
export function frameNumber(reel: Reel, index: number): number {
  return reel.first + index;
}
