import type { ColourTags, Transfer } from '../../../film/colour.ts';

/** The light that a DPX transfer code stands for: printing density and logarithmic are film scans, all others are near to video. */
export function dpxTransfer(code: number): Transfer | null {
  return code === 1 || code === 3 ? 'log' : null;
}

/** ffmpeg's names by the codes of SMPTE ST 268-1 tables 5A and 5B, as ffmpeg maps them. */
const TRANSFERS: Readonly<Record<number, string>> = {
  2: 'linear',
  5: 'bt709',
  6: 'bt709',
  7: 'smpte170m',
  8: 'smpte170m',
  9: 'smpte170m',
  10: 'gamma28',
};
const PRIMARIES: Readonly<Record<number, string>> = {
  5: 'bt709',
  6: 'bt709',
  7: 'bt470bg',
  8: 'smpte170m',
  9: 'smpte170m',
  10: 'bt470bg',
};

/** What a DPX header says of its colour. */
export interface DpxColour {
  readonly transfer: number;
  readonly colorimetric: number;
  readonly bits: number;
  /** True for luma and YCbCr, which have a matrix. */
  readonly isYuv: boolean;
  /** Codes of black and white in the television header; null where it has none. */
  readonly black: number | null;
  readonly white: number | null;
}

/** The tags of a DPX header, as ffmpeg reads them. */
export function dpxColour({ transfer, colorimetric, bits, isYuv, black, white }: DpxColour): ColourTags {
  const curve = TRANSFERS[transfer];
  const primaries = PRIMARIES[colorimetric];
  const full = black === 0 && white === 2 ** bits - 1;
  const video = black === 2 ** (bits - 4) && white === 235 * 2 ** (bits - 8);
  return {
    ...(full ? { range: 'pc' as const } : video ? { range: 'tv' as const } : {}),
    ...(primaries ? { primaries } : {}),
    ...(curve ? { transfer: curve } : {}),
    ...(primaries && isYuv ? { matrix: primaries } : {}),
  };
}
