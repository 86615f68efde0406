import type { StillKind } from '../../../film/reel.ts';

/** How frames are written that are not kept in their source's own kind. */
export interface FrameFormat {
  readonly still: Extract<StillKind, 'dpx' | 'tiff' | 'exr'>;
  readonly extension: string;
  /** For people. */
  readonly title: string;
  /** Bits of a sample, and whether it is a whole code or a float. */
  readonly bits: 8 | 10 | 12 | 16 | 32;
  readonly kind: 'integer' | 'float';
}

const dpx = (bits: 8 | 10 | 12 | 16) =>
  ({ still: 'dpx', extension: '.dpx', title: `DPX of ${bits} bits`, bits, kind: 'integer' }) as const;
const tiff = (bits: 8 | 16) =>
  ({ still: 'tiff', extension: '.tif', title: `TIFF of ${bits} bits`, bits, kind: 'integer' }) as const;
const HALF = { still: 'exr', extension: '.exr', title: 'EXR of half floats', bits: 16, kind: 'float' } as const;
const FLOAT = { still: 'exr', extension: '.exr', title: 'EXR of floats', bits: 32, kind: 'float' } as const;

/** By name; a kind alone is its usual form. */
const FORMATS = {
  ...{ dpx: dpx(10), dpx8: dpx(8), dpx10: dpx(10), dpx12: dpx(12), dpx16: dpx(16) },
  ...{ tiff: tiff(16), tiff8: tiff(8), tiff16: tiff(16) },
  ...{ exr: HALF, 'exr-half': HALF, 'exr-float': FLOAT },
} as const satisfies Readonly<Record<string, FrameFormat>>;

export type FrameFormatName = keyof typeof FORMATS;

export const FRAME_FORMAT_NAMES = Object.keys(FORMATS) as [FrameFormatName, ...FrameFormatName[]];

export function frameFormat(name: FrameFormatName): FrameFormat {
  return FORMATS[name];
}
