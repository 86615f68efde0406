import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { DamagedStill } from './damaged-still.ts';
import { unpackB44 } from './exr-b44.ts';
import type { ChunkLayout } from './exr-chunk.ts';
import { packPiz, unpackPiz } from './exr-piz.ts';
import { planesOfPxr24, rawOfPxr24 } from './exr-pxr24.ts';
import { packRuns, unpackRuns } from './exr-runs.ts';

/** Of a noisy half-float frame, level 6 saved 1 % more than 4 in half as much time again. */
const LEVEL = 4;

/** A way to pack chunks: to the `bytes` of a layout and back. Packing answers null where it cannot keep all samples. */
interface Packing {
  unpack(packed: Buffer, layout: ChunkLayout): Buffer | Promise<Buffer>;
  pack?(raw: Buffer, layout: ChunkLayout): Buffer | null | Promise<Buffer | null>;
}

const ZIP: Packing = {
  unpack: async (packed, { bytes }) => joined(await inflated(packed, bytes)),
  pack: (raw) => deflated(apart(raw)),
};
const B44: Packing = { unpack: unpackB44 };
const RLE: Packing = {
  unpack: (packed, { bytes }) => joined(unpackRuns(packed, bytes)),
  pack: (raw) => packRuns(apart(raw)),
};
const PXR24: Packing = {
  unpack: async (packed, layout) => {
    const planes = planesOfPxr24(layout);
    return rawOfPxr24.unpack(await inflated(packed, planes), layout);
  },
  pack: async (raw, layout) => {
    const planes = rawOfPxr24.pack(raw, layout);
    return planes && (await deflated(planes));
  },
};
/** By the file's code; DWA is not unpacked here. */
const PACKINGS: readonly (Packing | null)[] = [
  { unpack: (packed) => packed, pack: (raw) => raw },
  RLE,
  ZIP,
  ZIP,
  { unpack: unpackPiz, pack: packPiz },
  PXR24,
  B44,
  B44,
  null,
  null,
];

/** True for the compressions whose chunks can be unpacked here. */
export function canUnpackExr(compression: number): boolean {
  return PACKINGS[compression] !== null;
}

/** True for those that keep every sample when a chunk is packed again. */
export function canPackExr(compression: number): boolean {
  return PACKINGS[compression]?.pack !== undefined;
}

/** The lines of a chunk's data. A chunk that would not have become smaller was stored as it is. @throws DamagedStill */
export async function unpackExrChunk(compression: number, packed: Buffer, layout: ChunkLayout): Promise<Buffer> {
  const { bytes } = layout;
  if (packed.length === bytes) return Buffer.from(packed);
  try {
    const raw = packed.length < bytes ? await PACKINGS[compression]?.unpack(packed, layout) : undefined;
    if (raw?.length === bytes) return raw;
  } catch (cause) {
    throw new DamagedStill(`is damaged: a chunk cannot be unpacked (${(cause as Error).message})`, { cause });
  }
  throw new DamagedStill(`is damaged: a chunk of ${packed.length} bytes does not unpack to ${bytes}`);
}

/** The inverse of `unpackExrChunk`; the lines as they are where packing would not keep or not shrink them. */
export async function packExrChunk(compression: number, raw: Buffer, layout: ChunkLayout): Promise<Buffer> {
  const packed = await PACKINGS[compression]?.pack?.(raw, layout);
  return packed && packed.length < raw.length ? packed : raw;
}

function inflated(packed: Buffer, bytes: number): Promise<Buffer> {
  return promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate)(packed, { maxOutputLength: bytes });
}

function deflated(bytes: Buffer): Promise<Buffer> {
  return promisify<Buffer, { level: number }, Buffer>(deflate)(bytes, { level: LEVEL });
}

/** Differences of neighbours summed up, then low and high bytes, which stand apart, interleaved. Changes `mixed`. */
function joined(mixed: Buffer): Buffer {
  const { length } = mixed;
  for (let i = 1; i < length; i++) mixed[i] = (mixed[i - 1] as number) + (mixed[i] as number) - 128;
  const raw = Buffer.allocUnsafe(length);
  const half = (length + 1) >> 1;
  for (let i = 0; i < length; i++) raw[i] = mixed[(i & 1) * half + (i >> 1)] as number;
  return raw;
}

/** The inverse of `joined`. */
function apart(raw: Buffer): Buffer {
  const { length } = raw;
  const mixed = Buffer.allocUnsafe(length);
  const half = (length + 1) >> 1;
  for (let i = 0; i < length; i++) mixed[(i & 1) * half + (i >> 1)] = raw[i] as number;
  for (let i = length - 1; i > 0; i--) mixed[i] = (mixed[i] as number) - (mixed[i - 1] as number) + 128;
  return mixed;
}
