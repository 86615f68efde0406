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
 * `linear` scene light (EXR), `pq` light of up to 10,000 cd/m² (HDR10), which is tone-mapped. HLG is made to be looked at as it is
 * on ordinary screens (ITU-R BT.2390-11 §6), so it counts as `rec709`.
 */
export type Transfer = 'rec709' | 'log' | 'linear' | 'pq';

/** How a movie with these tags is shown to networks. */
export function transferOfTags({ transfer }: ColourTags): Transfer {
  return transfer === 'smpte2084' ? 'pq' : 'rec709';
}

/**
 * A file's tags as they agree with what its code values are taken for, so that what is written is never tagged as one light and was
 * restored as another: where the picture is shown as it is, `linear` is a writer's slip; where it is not, no other curve holds.
 */
export function agreedColour({ transfer, ...tags }: ColourTags, shown: Transfer): ColourTags {
  if (shown === 'linear' || shown === 'pq') return { ...tags, transfer: shown === 'pq' ? 'smpte2084' : shown };
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

/** SMPTE ST 2084:2014 §5: the curve's constants. */
const PQ = {
  m1: 2610 / 16384,
  m2: (2523 / 4096) * 128,
  c1: 3424 / 4096,
  c2: (2413 / 4096) * 32,
  c3: (2392 / 4096) * 32,
};
/** Diffuse white of 203 cd/m² (ITU-R BT.2408-7 §2.1) counts as 1; the curve ends at 10,000. */
const PQ_PEAK = 10_000 / 203;
/** Below this code, 0.05 cd/m², the curve is so flat that a straight line stands for it: else its inverse would blow up any error. */
const PQ_TOE = 0.06;

/** Light of a PQ code, where 1 is diffuse white. */
function pqLight(code: number): number {
  const power = code ** (1 / PQ.m2);
  return PQ_PEAK * (Math.max(power - PQ.c1, 0) / (PQ.c2 - PQ.c3 * power)) ** (1 / PQ.m1);
}

function pqCode(light: number): number {
  const power = (light / PQ_PEAK) ** PQ.m1;
  return ((PQ.c1 + PQ.c2 * power) / (1 + PQ.c3 * power)) ** PQ.m2;
}

/** Tone mapping by L·(1 + L/P²)/(1 + L), which brings the peak P to 1 and diffuse white to ½ (Reinhard et al. 2002, eq. 4). */
function pqDisplay(code: number): number {
  const light = pqLight(code);
  return encodeDisplay((light * (1 + light / PQ_PEAK ** 2)) / (1 + light));
}

const PQ_TOE_SLOPE = pqDisplay(PQ_TOE) / PQ_TOE;
const PQ_TOP = pqDisplay(1);

const PQ_CURVE: TransferCurve = {
  toDisplay: (code) => (code < PQ_TOE ? code * PQ_TOE_SLOPE : code < 1 ? pqDisplay(code) : PQ_TOP + code - 1),
  fromDisplay: (display) => {
    if (display < PQ_TOE * PQ_TOE_SLOPE) return display / PQ_TOE_SLOPE;
    // Codes above the peak are outside the curve; a line keeps them apart.
    if (display > PQ_TOP) return 1 + display - PQ_TOP;
    // The positive root of L²/P² + (1 − y)·L − y = 0.
    const shown = decodeDisplay(display);
    const half = ((shown - 1) * PQ_PEAK ** 2) / 2;
    return pqCode(half + Math.sqrt(half * half + shown * PQ_PEAK ** 2));
  },
};

const CURVES: Readonly<Record<Transfer, TransferCurve>> = { rec709: IDENTITY, log: LOG, linear: LINEAR, pq: PQ_CURVE };

export function transferCurve(transfer: Transfer): TransferCurve {
  return CURVES[transfer];
}
