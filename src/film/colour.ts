import { BLUE_SHARE, RED_SHARE } from './luma.ts';

/** Colour as the file tags it, in ffmpeg's names (`bt709`, `smpte170m`, `tv` …); absent where the file says nothing. */
export interface ColourTags {
  readonly range?: 'tv' | 'pc';
  readonly primaries?: string;
  readonly transfer?: string;
  readonly matrix?: string;
  /** ffmpeg's name of where chroma is sampled: `left`, `center`, `topleft` … */
  readonly chromaLocation?: string;
}

/**
 * How code values become a display-referred picture: `rec709` as they are, `log` a film scan's printing density (Cineon),
 * `linear` scene light (EXR).
 */
export type Transfer = 'rec709' | 'log' | 'linear';

/**
 * A file's tags as they agree with what its code values are taken for, so that what is written is never tagged as one light and was
 * restored as another: where the picture is shown as it is, `linear` is a writer's slip; where it is not, no other curve holds.
 */
export function agreedColour({ transfer, ...tags }: ColourTags, shown: Transfer): ColourTags {
  if (shown === 'linear') return { ...tags, transfer: 'linear' };
  if (transfer === undefined || transfer === 'linear' || (shown === 'log' && !/^log/.test(transfer))) return tags;
  return { ...tags, transfer };
}

/** Where chroma is sited, in ffmpeg's names: as tagged; untagged, full range `center`, as in JPEG, else `left`, as in MPEG-2, H.264 and ProRes. */
export function chromaLocationOf({ chromaLocation, range }: ColourTags): string {
  const known = chromaLocation !== undefined && /^(left|right|center|(top|bottom)(left|right)?)$/.test(chromaLocation);
  return known ? chromaLocation : range === 'pc' ? 'center' : 'left';
}

/** Weights of red and blue in luma; green has the rest. */
export interface LumaWeights {
  readonly kr: number;
  readonly kb: number;
}

/** ITU-R BT.709-6 §3, BT.601-7 §2.5.1, BT.2020-2 table 4, by ffmpeg's matrix name. Untagged: 709 from 720 lines up, else 601. */
export function lumaWeights(matrix: string | undefined, height: number): LumaWeights {
  switch (matrix) {
    case 'bt709':
      return { kr: RED_SHARE, kb: BLUE_SHARE };
    case 'bt470bg':
    case 'smpte170m':
    case 'fcc':
      return { kr: 0.299, kb: 0.114 };
    case 'smpte240m':
      return { kr: 0.212, kb: 0.087 };
    case 'bt2020nc':
    case 'bt2020c':
      return { kr: 0.2627, kb: 0.0593 };
    default:
      return height >= 720 ? { kr: RED_SHARE, kb: BLUE_SHARE } : { kr: 0.299, kb: 0.114 };
  }
}

/** A pair of inverse, strictly rising curves between a plate's normalised code values and display-referred ones. */
export interface TransferCurve {
  /** Normalised code value (or linear light) to display value; 0 … 1 is black … white, above 1 is kept. */
  toDisplay(code: number): number;
  fromDisplay(display: number): number;
}

const IDENTITY: TransferCurve = { toDisplay: (x) => x, fromDisplay: (x) => x };

/** Cineon: black at code 95, white at 685 of 1023, 0.002 density a code, negative gamma 0.6 (Kodak, *Cineon conversion*, 1995). */
export const CINEON_STEP = 0.002 / 0.6;
export const CINEON_WHITE = 685;
const CINEON_BLACK = 95;
export const CINEON_OFFSET = 10 ** ((CINEON_BLACK - CINEON_WHITE) * CINEON_STEP);

/** Exponent of the display curve laid over linear light. */
export const DISPLAY_GAMMA = 2.2;

const LOG: TransferCurve = {
  toDisplay: (code) =>
    encodeDisplay((10 ** ((code * 1023 - CINEON_WHITE) * CINEON_STEP) - CINEON_OFFSET) / (1 - CINEON_OFFSET)),
  fromDisplay: (display) => {
    const light = decodeDisplay(display) * (1 - CINEON_OFFSET) + CINEON_OFFSET;
    // Below code 0 the curve has no value: a tiny positive light keeps the logarithm finite.
    return (Math.log10(Math.max(light, 1e-6)) / CINEON_STEP + CINEON_WHITE) / 1023;
  },
};

const LINEAR: TransferCurve = { toDisplay: encodeDisplay, fromDisplay: decodeDisplay };

/** A power curve with a straight toe, so that it is invertible through zero and into negative light. */
export const TOE = 0.003;
export const TOE_DISPLAY = TOE ** (1 / DISPLAY_GAMMA);

function encodeDisplay(light: number): number {
  return light < TOE ? (light / TOE) * TOE_DISPLAY : light ** (1 / DISPLAY_GAMMA);
}

function decodeDisplay(display: number): number {
  return display < TOE_DISPLAY ? (display / TOE_DISPLAY) * TOE : display ** DISPLAY_GAMMA;
}

export function transferCurve(transfer: Transfer): TransferCurve {
  return transfer === 'log' ? LOG : transfer === 'linear' ? LINEAR : IDENTITY;
}
