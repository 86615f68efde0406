import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { DamagedStill } from '../damaged-still.ts';
import { packLzw, unpackLzw } from './lzw.ts';
import { packBits, unpackBits } from './pack-bits.ts';

/** A lossless compression of a TIFF strip or tile. */
interface Packing {
  /** At most so many bytes come out of one. */
  readonly ratio: number;
  /** `rowBytes` because packbits begins anew at every row. */
  pack(raw: Buffer, rowBytes: number): Promise<Buffer> | Buffer;
  /** `length` is the unpacked length; shorter data is an error of the file. */
  unpack(packed: Buffer, length: number): Promise<Buffer> | Buffer;
}

/** Strips may be padded to their full height, and are cut then; what unpacks to more than this beyond is damaged. */
const SLACK = 1 << 24;

const DEFLATE: Packing = {
  // RFC 1951: 258 bytes by two codes of a bit each.
  ratio: 1032,
  pack: (raw) => promisify(deflate)(raw),
  unpack: (packed, length) => promisify(inflate)(packed, { maxOutputLength: length + SLACK }),
};

/** By the code of TIFF's field 259. */
const PACKINGS: Readonly<Record<number, Packing>> = {
  1: { ratio: 1, pack: (raw) => raw, unpack: (packed) => Buffer.from(packed) },
  // The longest string of a full table, by 12 bits.
  5: { ratio: 2731, pack: packLzw, unpack: unpackLzw },
  8: DEFLATE,
  32773: { ratio: 64, pack: packBits, unpack: unpackBits },
  32946: DEFLATE,
};

const NAMES: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT RLE',
  3: 'CCITT group 3',
  4: 'CCITT group 4',
  5: 'LZW',
  6: 'old JPEG',
  7: 'JPEG',
  8: 'deflate',
  32773: 'PackBits',
  32809: 'ThunderScan',
  32946: 'deflate',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'ZSTD',
  50001: 'WebP',
  50002: 'JPEG XL',
};

export function compressionName(compression: number): string {
  const name = NAMES[compression];
  return name === undefined ? `code ${compression}` : `${compression}, ${name}`;
}

export function canPack(compression: number): boolean {
  return compression in PACKINGS;
}

/** The most bytes that so many packed ones can hold. */
export function mostUnpacked(compression: number, length: number): number {
  return packingOf(compression).ratio * length;
}

/** @throws DamagedStill where the packed bytes are damaged or hold less than `length` */
export async function unpackTiffChunk(compression: number, packed: Buffer, length: number): Promise<Buffer> {
  if (compression === 5 && packed[0] === 0 && ((packed[1] as number) & 1) === 1) {
    throw new DamagedStill('is packed with the LZW of TIFF 5.0 drafts, bits reversed, which is not read');
  }
  const raw = await unpacked(compression, packed, length);
  if (raw.length < length) {
    throw new DamagedStill(`is damaged: a strip or tile unpacks to ${raw.length} bytes where ${length} are needed`);
  }
  return raw.subarray(0, length);
}

async function unpacked(compression: number, packed: Buffer, length: number): Promise<Buffer> {
  try {
    return await packingOf(compression).unpack(packed, length);
  } catch (cause) {
    throw new DamagedStill(`is damaged: a strip or tile cannot be unpacked (${(cause as Error).message})`, { cause });
  }
}

export async function packTiffChunk(compression: number, raw: Buffer, rowBytes: number): Promise<Buffer> {
  return packingOf(compression).pack(raw, rowBytes);
}

function packingOf(compression: number): Packing {
  const packing = PACKINGS[compression];
  if (!packing) throw new Error(`Unreachable: TIFF compression ${compression} was accepted.`);
  return packing;
}
