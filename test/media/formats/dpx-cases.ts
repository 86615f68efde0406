import { HEIGHT, noise, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

/** Descriptors of SMPTE ST 268-1, and samples of a pixel. */
const SAMPLES = {
  luma: [6, 1],
  RGB: [50, 3],
  RGBA: [51, 4],
  ABGR: [52, 4],
  CbYCrY: [100, 2],
  CbYCr: [102, 3],
  CbYCrA: [103, 4],
} as const;
const PACKINGS = { packed: 0, 'filled A': 1, 'filled B': 2, '–': 0 } as const;
const OFFSET = 2048;

export interface DrawnDpx {
  readonly samples: keyof typeof SAMPLES;
  readonly bits: number;
  readonly packing: keyof typeof PACKINGS;
  readonly bigEndian: boolean;
  /** 1 where the file says that it is run-length encoded. */
  readonly encoding?: number;
}

/** A DPX file whose picture is noise. */
export function drawDpx({ samples, bits, packing, bigEndian, encoding = 0 }: DrawnDpx): Buffer {
  const [descriptor, count] = SAMPLES[samples];
  const perRow = WIDTH * count;
  const words =
    bits === 8
      ? perRow / 4
      : bits === 10
        ? Math.ceil(perRow / 3)
        : bits === 12 && packing === 'packed'
          ? Math.ceil((perRow * 12) / 32)
          : bits === 32
            ? perRow
            : Math.ceil(perRow / 2);
  const picture = noise(Math.ceil(words) * 4 * HEIGHT);
  // The gap of method B is empty, as the standard asks: ffmpeg takes what lies in it for a part of the samples.
  if (bits === 10 && packing === 'filled B')
    for (let at = bigEndian ? 0 : 3; at < picture.length; at += 4)
      (picture[at] as number) && picture.writeUInt8((picture[at] as number) & 0x3f, at);
  const head = Buffer.alloc(OFFSET, 0xff);
  const u16 = (value: number, at: number) =>
    bigEndian ? head.writeUInt16BE(value, at) : head.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    bigEndian ? head.writeUInt32BE(value, at) : head.writeUInt32LE(value, at);
  head.fill(0, 0, 768);
  head.fill(0, 1432, 1664);
  head.write(bigEndian ? 'SDPX' : 'XPDS', 0, 'latin1');
  u32(OFFSET, 4);
  head.write('V2.0', 8, 'latin1');
  u32(OFFSET + picture.length, 16);
  // Not encrypted.
  u32(0xffffffff, 660);
  u16(0, 768);
  u16(1, 770);
  u32(WIDTH, 772);
  u32(HEIGHT, 776);
  u32(0, 780);
  head.writeUInt8(descriptor, 800);
  head.writeUInt8(2, 801);
  head.writeUInt8(2, 802);
  head.writeUInt8(bits, 803);
  u16(PACKINGS[packing], 804);
  u16(encoding, 806);
  u32(OFFSET, 808);
  u32(0, 812);
  u32(0, 816);
  return Buffer.concat([head, picture]);
}

function cases(
  samples: readonly DrawnDpx['samples'][],
  bits: number,
  packings: readonly DrawnDpx['packing'][],
  orders: readonly ('big-endian' | 'little-endian')[] = ['big-endian', 'little-endian'],
): StillCase[] {
  return samples.flatMap((of) =>
    packings.flatMap((packing) =>
      orders.map((order) => ({
        kind: 'dpx' as const,
        claim: [of, String(bits), packing, order] as const,
        draw: () => drawDpx({ samples: of, bits, packing, bigEndian: order === 'big-endian' }),
      })),
    ),
  );
}

export const DPX_CASES: readonly StillCase[] = [
  ...cases(['luma', 'RGB', 'RGBA', 'ABGR'], 8, ['–']),
  // ffmpeg decodes those of the other order not at all.
  ...cases(['CbYCrY', 'CbYCr', 'CbYCrA'], 8, ['–'], ['big-endian']),
  ...cases(['luma', 'RGB', 'RGBA'], 10, ['filled A', 'filled B']),
  ...cases(['luma', 'RGB', 'RGBA'], 12, ['filled A', 'filled B', 'packed']),
  ...cases(['luma', 'RGB', 'RGBA'], 16, ['–']),
];

const rgb = { samples: 'RGB', packing: '–', bigEndian: true } as const;
export const DPX_REFUSED: readonly RefusedCase[] = [
  { kind: 'dpx', claim: 'run-length encoded', draw: () => drawDpx({ ...rgb, bits: 8, encoding: 1 }) },
  { kind: 'dpx', claim: 'float', draw: () => drawDpx({ ...rgb, bits: 32 }) },
  { kind: 'dpx', claim: '10 bit packed', draw: () => drawDpx({ ...rgb, bits: 10, packing: 'packed' }) },
  {
    kind: 'dpx',
    claim: 'CbYCrY of 10 bit',
    draw: () => drawDpx({ ...rgb, samples: 'CbYCrY', bits: 10, packing: 'filled A' }),
  },
];
