import type { Transfer } from '../../film/colour.ts';
import type { Orientation } from '../../film/orientation.ts';
import type { Rational } from '../../film/rational.ts';

/** What a still's header says. Sizes are as stored. */
export interface StillInfo {
  readonly width: number;
  readonly height: number;
  /** How the picture is turned to be seen upright; 1 where the file does not say. */
  readonly orientation: Orientation;
  /** ffmpeg's name of the samples as it decodes them; null where only ffmpeg can tell. */
  readonly pixelFormat: string | null;
  /** The light that the code values stand for, where the file or its kind says. */
  readonly transfer: Transfer | null;
  /** Frames a second, where the file says something sane. */
  readonly rate: Rational | null;
  /** Why a changed picture cannot be written back into a file like this; null when it can. */
  readonly obstacle: string | null;
  /** What a changed picture loses when it is written back; null when nothing. */
  readonly note: string | null;
}
