import type { ColourTags, Transfer } from '../../film/colour.ts';
import type { Rational } from '../../film/rational.ts';

/** What a still's header says. */
export interface StillInfo {
  readonly width: number;
  readonly height: number;
  /** ffmpeg's name of the samples as it decodes them; null where only ffmpeg can tell. */
  readonly pixelFormat: string | null;
  /** The light that the code values stand for, where the file or its kind says. */
  readonly transfer: Transfer | null;
  /** Frames a second, where the file says something sane. */
  readonly rate: Rational | null;
  /** Given where ffmpeg does not read the picture, or not rightly, and `unpackStill` does: the colour as the header tags it. */
  readonly unpacked?: { readonly colour: ColourTags };
  /** What a person should know about how it is read, as sentences. */
  readonly remarks?: readonly string[];
  /** Why a changed picture cannot be written back into a file like this; null when it can. */
  readonly obstacle: string | null;
  /** What a changed picture loses when it is written back; null when nothing. */
  readonly note: string | null;
}
