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

/** The codes of a DPX header for the light of its picture, by SMPTE ST 268-1 tables 5A and 5B. */
export interface DpxColourCodes {
  readonly transferCode: number;
  readonly colorimetricCode: number;
}

/** Printing density, and that of the largest code: 0.002 a code of 10 bits. */
export const CINEON_DENSITY = { code: 1, range: 2.046 } as const;
const LINEAR = 2;
/** Says no more than that it is video. */
const UNSPECIFIED_VIDEO = 4;

/** Codes by ffmpeg's names. BT.2020 has the curve of BT.709. */
const TRANSFER_CODES: Readonly<Record<string, number>> = { bt709: 6, 'bt2020-10': 6, 'bt2020-12': 6, smpte170m: 8 };
const PRIMARIES_CODES: Readonly<Record<string, number>> = { bt709: 6, bt470bg: 7, smpte170m: 8, smpte240m: 8 };

/** What a header says of a picture that was `shown` so and is tagged so. Codes that no name has are those of video without a name. */
export function dpxColourCodes({ primaries, transfer }: ColourTags, shown: Transfer): DpxColourCodes {
  const { code } = CINEON_DENSITY;
  if (shown === 'log') return { transferCode: code, colorimetricCode: code };
  const colorimetricCode = PRIMARIES_CODES[primaries ?? ''] ?? UNSPECIFIED_VIDEO;
  if (shown === 'linear') return { transferCode: LINEAR, colorimetricCode };
  const named = TRANSFER_CODES[transfer ?? ''] ?? UNSPECIFIED_VIDEO;
  // BT.601 has a code for each of its two systems.
  return { transferCode: named === 8 && colorimetricCode === 7 ? 7 : named, colorimetricCode };
}

/** Tags of which a header says nothing, by their names. */
export function untoldByDpx({ primaries, transfer }: ColourTags, shown: Transfer): string[] {
  if (shown === 'log') return [];
  return [
    ...(primaries !== undefined && PRIMARIES_CODES[primaries] === undefined ? [primaries] : []),
    ...(transfer !== undefined && shown !== 'linear' && TRANSFER_CODES[transfer] === undefined ? [transfer] : []),
  ];
}
