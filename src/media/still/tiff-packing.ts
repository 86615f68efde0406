import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { packLzw, unpackLzw } from './lzw.ts';
import { packBits, unpackBits } from './pack-bits.ts';

/** A lossless compression of a TIFF strip. */
interface Packing {
  /** `rowBytes` because packbits begins anew at every row. */
  pack(raw: Buffer, rowBytes: number): Promise<Buffer> | Buffer;
  /** `length` is the unpacked length; shorter data is an error of the file. */
  unpack(packed: Buffer, length: number): Promise<Buffer> | Buffer;
}

const DEFLATE: Packing = { pack: (raw) => promisify(deflate)(raw), unpack: (packed) => promisify(inflate)(packed) };

/** By the code of TIFF's field 259. */
const PACKINGS: Readonly<Record<number, Packing>> = {
  1: { pack: (raw) => raw, unpack: (packed) => Buffer.from(packed) },
  5: { pack: packLzw, unpack: unpackLzw },
  8: DEFLATE,
  32773: { pack: packBits, unpack: unpackBits },
  32946: DEFLATE,
};

export function canPack(compression: number): boolean {
  return compression in PACKINGS;
}

export async function unpackStrip(compression: number, packed: Buffer, length: number): Promise<Buffer> {
  const raw = await packingOf(compression).unpack(packed, length);
  if (raw.length < length) throw new Error(`A strip unpacks to ${raw.length} bytes, ${length} were expected.`);
  return raw.subarray(0, length);
}

export async function packStrip(compression: number, raw: Buffer, rowBytes: number): Promise<Buffer> {
  return packingOf(compression).pack(raw, rowBytes);
}

function packingOf(compression: number): Packing {
  const packing = PACKINGS[compression];
  if (!packing) throw new Error(`Unreachable: TIFF compression ${compression} was accepted.`);
  return packing;
}
