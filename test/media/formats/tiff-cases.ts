import { deflateSync } from 'node:zlib';
import { packLzw } from '../../../src/media/still/lzw.ts';
import { packBits } from '../../../src/media/still/pack-bits.ts';
import { drawStill } from '../still/footage.ts';
import { HEIGHT, noise, type RefusedCase, type StillCase, WIDTH } from './still-case.ts';

/** Photometric interpretation and samples of a pixel (TIFF 6.0). */
const SAMPLES = {
  grey: [1, 1],
  'grey (0 is white)': [0, 1],
  'grey + alpha': [1, 2],
  RGB: [2, 3],
  'RGB in planes': [2, 3],
  RGBA: [2, 4],
  CMYK: [5, 4],
} as const;
const COMPRESSIONS = { none: 1, LZW: 5, deflate: 8, PackBits: 32773 } as const;
const ROWS_PER_STRIP = 5;

export interface DrawnTiff {
  readonly samples: keyof typeof SAMPLES;
  readonly bits: number;
  readonly compression: keyof typeof COMPRESSIONS;
  readonly bigEndian: boolean;
  /** 3 where the samples are float; else whole numbers. */
  readonly sampleFormat?: number;
  readonly tiled?: boolean;
  readonly version?: number;
}

/** A TIFF file whose picture is noise, in several strips. */
export function drawTiff(drawn: DrawnTiff): Buffer {
  const { samples, bits, compression, bigEndian, sampleFormat = 1, tiled = false, version = 42 } = drawn;
  const [photometric, count] = SAMPLES[samples];
  const planes = samples === 'RGB in planes' ? count : 1;
  const rowBytes = (WIDTH * (count / planes) * bits) / 8;
  const pack = (raw: Buffer) =>
    compression === 'LZW'
      ? packLzw(raw)
      : compression === 'deflate'
        ? deflateSync(raw)
        : compression === 'PackBits'
          ? packBits(raw, rowBytes)
          : raw;
  const strips = Array.from({ length: planes }, (_, plane) =>
    Array.from({ length: Math.ceil(HEIGHT / ROWS_PER_STRIP) }, (_, strip) =>
      pack(noise(rowBytes * Math.min(ROWS_PER_STRIP, HEIGHT - strip * ROWS_PER_STRIP), 1 + plane * 100 + strip)),
    ),
  ).flat();
  const fields: [tag: number, type: 3 | 4, values: number[]][] = [
    [256, 3, [WIDTH]],
    [257, 3, [HEIGHT]],
    [258, 3, Array<number>(count).fill(bits)],
    [259, 3, [COMPRESSIONS[compression]]],
    [262, 3, [photometric]],
    [273, 4, strips.map(() => 0)],
    [277, 3, [count]],
    [278, 3, [ROWS_PER_STRIP]],
    [279, 4, strips.map(({ length }) => length)],
    [284, 3, [planes > 1 ? 2 : 1]],
    ...(tiled ? ([[322, 3, [16]]] as [number, 3, number[]][]) : []),
    ...(count % 2 === 0 && photometric !== 5 ? ([[338, 3, [2]]] as [number, 3, number[]][]) : []),
    [339, 3, Array<number>(count).fill(sampleFormat)],
  ];
  const sizeOf = (type: 3 | 4, values: readonly number[]) => values.length * (type === 3 ? 2 : 4);
  const directory = Buffer.alloc(2 + fields.length * 12 + 4);
  let at = 8 + directory.length;
  const places = fields.map(([, type, values]) => {
    const place = at;
    if (sizeOf(type, values) > 4) at += sizeOf(type, values) + (sizeOf(type, values) % 2);
    return place;
  });
  const offsets = strips.map(({ length }) => {
    const place = at;
    at += length + (length % 2);
    return place;
  });
  const file = Buffer.alloc(at);
  const u16 = (value: number, to: number) =>
    bigEndian ? file.writeUInt16BE(value, to) : file.writeUInt16LE(value, to);
  const u32 = (value: number, to: number) =>
    bigEndian ? file.writeUInt32BE(value, to) : file.writeUInt32LE(value, to);
  file.write(bigEndian ? 'MM' : 'II', 0, 'latin1');
  u16(version, 2);
  u32(8, 4);
  u16(fields.length, 8);
  fields.forEach(([tag, type, given], k) => {
    const values = tag === 273 ? offsets : given;
    const entry = 10 + k * 12;
    const inline = sizeOf(type, values) <= 4;
    u16(tag, entry);
    u16(type, entry + 2);
    u32(values.length, entry + 4);
    if (!inline) u32(places[k] as number, entry + 8);
    const size = type === 3 ? 2 : 4;
    values.forEach((value, i) => {
      (type === 3 ? u16 : u32)(value, (inline ? entry + 8 : (places[k] as number)) + i * size);
    });
  });
  strips.forEach((strip, k) => {
    strip.copy(file, offsets[k]);
  });
  return file;
}

export const TIFF_CASES: readonly StillCase[] = (
  ['grey', 'grey (0 is white)', 'grey + alpha', 'RGB', 'RGB in planes', 'RGBA'] as const
).flatMap((samples) =>
  [8, 16].flatMap((bits) =>
    (['none', 'LZW', 'deflate', 'PackBits'] as const).flatMap((compression) =>
      (['big-endian', 'little-endian'] as const).map((order) => ({
        kind: 'tiff' as const,
        claim: [samples, String(bits), compression, order] as const,
        draw: () => drawTiff({ samples, bits, compression, bigEndian: order === 'big-endian' }),
      })),
    ),
  ),
);

const plain = { samples: 'RGB', bits: 8, compression: 'none', bigEndian: false } as const;
export const TIFF_REFUSED: readonly RefusedCase[] = [
  { kind: 'tiff', claim: 'tiled', draw: () => drawTiff({ ...plain, tiled: true }) },
  { kind: 'tiff', claim: 'BigTIFF', draw: () => drawTiff({ ...plain, version: 43 }) },
  { kind: 'tiff', claim: 'float', draw: () => drawTiff({ ...plain, bits: 32, sampleFormat: 3 }) },
  { kind: 'tiff', claim: 'CMYK', draw: () => drawTiff({ ...plain, samples: 'CMYK' }) },
  { kind: 'tiff', toMovie: true, claim: 'YCbCr', draw: () => drawStill('tiff', 'yuv420p', `${WIDTH}x${HEIGHT}`) },
  { kind: 'tiff', toMovie: true, claim: 'palette', draw: () => drawStill('tiff', 'pal8', `${WIDTH}x${HEIGHT}`) },
];
