import { DamagedStill } from '../damaged-still.ts';
import { unpackB44 } from './exr-b44.ts';
import type { ChunkLayout } from './exr-chunk.ts';
import { unpackDwa } from './exr-dwa.ts';
import { packPiz, unpackPiz } from './exr-piz.ts';
import { linesOfPxr24, planesOfPxr24, pxr24Bytes } from './exr-pxr24.ts';
import { packRuns, unpackRuns } from './exr-runs.ts';
import { deflated, inflated, mixed, unmixed } from './exr-zip.ts';

/** A way to pack chunks: to the `bytes` of a layout and back. Packing answers null where it cannot keep all samples. */
interface Packing {
  unpack(packed: Buffer, layout: ChunkLayout): Buffer | Promise<Buffer>;
  pack?(raw: Buffer, layout: ChunkLayout): Buffer | null | Promise<Buffer | null>;
}

const ZIP: Packing = {
  unpack: async (packed, { bytes }) => unmixed(await inflated(packed, bytes)),
  pack: (raw) => deflated(mixed(raw)),
};
const B44: Packing = { unpack: unpackB44 };
const DWA: Packing = { unpack: unpackDwa };
const RLE: Packing = {
  unpack: (packed, { bytes }) => unmixed(unpackRuns(packed, bytes)),
  pack: (raw) => packRuns(mixed(raw)),
};
const PXR24: Packing = {
  unpack: async (packed, layout) => linesOfPxr24(await inflated(packed, pxr24Bytes(layout)), layout),
  pack: async (raw, layout) => {
    const planes = planesOfPxr24(raw, layout);
    return planes && (await deflated(planes));
  },
};
/** By the file's code. */
const PACKINGS: readonly Packing[] = [
  { unpack: (packed) => packed, pack: (raw) => raw },
  RLE,
  ZIP,
  ZIP,
  { unpack: unpackPiz, pack: packPiz },
  PXR24,
  B44,
  B44,
  DWA,
  DWA,
];

/** True for the compressions that keep every sample when a chunk is packed again. */
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
