import { drawStill } from '../still/footage.ts';
import { type DrawnPage, writeTiff } from '../still/tiff/tiff-writer.ts';
import { HEIGHT, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

/** Photometric interpretation and samples of a pixel (TIFF 6.0). */
const SAMPLES = {
  grey: [1, 1],
  'grey (0 is white)': [0, 1],
  'grey + alpha': [1, 2],
  RGB: [2, 3],
  'RGB in planes': [2, 3],
  RGBA: [2, 4],
} as const;
const COMPRESSIONS = { none: 1, LZW: 5, deflate: 8, PackBits: 32773 } as const;

const PLAIN: DrawnPage = {
  ...{ width: WIDTH, height: HEIGHT, bits: 8, samples: 3, photometric: 2, planar: false, compression: 1 },
  ...{ predictor: 1, fillOrder: 1, cut: { rows: 5 } },
  value: (x, y, c) => (Math.imul(x * 7919 + y * 104_729 + c * 15_485_863, 2_654_435_761) >>> 7) % 256,
};

interface Form {
  readonly samples: keyof typeof SAMPLES;
  readonly bits: number;
  readonly packing: string;
  readonly bigEndian: boolean;
}

/** A file whose picture is noise, in several strips or tiles. */
function drawn({ samples, bits, packing, bigEndian }: Form): Buffer {
  const [photometric, count] = SAMPLES[samples];
  const [compression = '', , tiles] = packing.split(' ');
  const page: DrawnPage = {
    ...PLAIN,
    ...{ bits, samples: count, photometric, planar: samples === 'RGB in planes' },
    compression: COMPRESSIONS[compression as keyof typeof COMPRESSIONS],
    cut: tiles ? { tile: [16, 32] } : PLAIN.cut,
    value: (x, y, c) => (Math.imul(x * 7919 + y * 104_729 + c * 15_485_863, 2_654_435_761) >>> 7) % 2 ** bits,
  };
  return writeTiff({ bigEndian, big: false, pages: [page], directoriesFirst: true });
}

export const TIFF_CASES: readonly StillCase[] = (Object.keys(SAMPLES) as (keyof typeof SAMPLES)[]).flatMap((samples) =>
  [8, 10, 12, 14, 16].flatMap((bits) =>
    Object.keys(COMPRESSIONS).flatMap((compression) =>
      [compression, `${compression} in tiles`].flatMap((packing) =>
        (['big-endian', 'little-endian'] as const).map((order) => ({
          kind: 'tiff' as const,
          claim: [samples, String(bits), packing, order] as const,
          draw: () => drawn({ samples, bits, packing, bigEndian: order === 'big-endian' }),
        })),
      ),
    ),
  ),
);

const refused = (page: Partial<DrawnPage>) => () =>
  writeTiff({ bigEndian: false, big: false, pages: [{ ...PLAIN, ...page }], directoriesFirst: true });
export const TIFF_REFUSED: readonly RefusedCase[] = [
  { kind: 'tiff', claim: 'float', draw: refused({ bits: 16, sampleFormat: 3 }) },
  { kind: 'tiff', claim: 'signed', draw: refused({ bits: 16, sampleFormat: 2 }) },
  { kind: 'tiff', claim: 'CMYK', draw: refused({ samples: 4, photometric: 5 }) },
  { kind: 'tiff', claim: 'CIELab', draw: refused({ photometric: 8 }) },
  { kind: 'tiff', toMovie: true, claim: 'YCbCr', draw: () => drawStill('tiff', 'yuv420p', `${WIDTH}x${HEIGHT}`) },
  { kind: 'tiff', toMovie: true, claim: 'palette', draw: () => drawStill('tiff', 'pal8', `${WIDTH}x${HEIGHT}`) },
];
