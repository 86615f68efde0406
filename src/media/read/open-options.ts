import type { Transfer } from '../../film/colour.ts';
import type { Rational } from '../../film/rational.ts';

/** Facts of a reel that its files may not state. */
export interface OpenOptions {
  /** `auto`: linear for EXR, log for DPX that says so, else rec709. */
  readonly transfer: 'auto' | Transfer;
  /** Rate of a folder, else what its files say, else 24. A movie has its own. */
  readonly rate?: Rational | undefined;
  /** True: missing numbers of a folder are damaged frames, not an error. */
  readonly allowGaps?: boolean | undefined;
  /** The layer of EXR stills to work on, else the one that is the picture by its name. */
  readonly layer?: string | undefined;
  /** Told how many of a folder's stills have been checked. */
  readonly onRead?: ((done: number, total: number) => void) | undefined;
}
