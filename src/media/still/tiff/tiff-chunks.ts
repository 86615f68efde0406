import type { FrameRange } from '../../../film/range.ts';
import type { TiffHeader } from './tiff.ts';
import type { TiffChunk } from './tiff-grid.ts';
import { packTiffChunk, unpackTiffChunk } from './tiff-packing.ts';

/** Where a strip or tile lies in the picture. */
export interface TiffChunkPlace {
  readonly chunk: TiffChunk;
  /** The plane that it is of; 0 where pixels are stored whole. */
  readonly plane: number;
  /** Columns and rows of the picture in it. */
  readonly columns: FrameRange;
  readonly rows: FrameRange;
  /** Bytes of a stored row, samples beyond the picture included. */
  readonly rowBytes: number;
  /** Rows as stored, those of a tile beyond the picture included. */
  readonly storedRows: number;
}

/** Samples that lie side by side in a strip or tile: 1 where each plane is stored by itself. */
export function samplesSideBySide({ planar, samples }: TiffHeader): number {
  return planar ? 1 : samples;
}

export function chunkPlace(header: TiffHeader, index: number): TiffChunkPlace {
  const { grid, width, height, bits } = header;
  const perPlane = grid.across * grid.down;
  const within = index % perPlane;
  const left = (within % grid.across) * grid.width;
  const top = Math.floor(within / grid.across) * grid.height;
  const rows = { in: top, out: Math.min(top + grid.height, height) };
  return {
    chunk: header.chunks[index] as TiffChunk,
    plane: Math.floor(index / perPlane),
    columns: { in: left, out: Math.min(left + grid.width, width) },
    rows,
    rowBytes: Math.ceil((grid.width * samplesSideBySide(header) * bits) / 8),
    storedRows: grid.tiled ? grid.height : rows.out - rows.in,
  };
}

/** The samples of a strip or tile as rows of bytes, in the file's order of bytes. @throws DamagedStill */
export async function readTiffChunk(file: Buffer, header: TiffHeader, place: TiffChunkPlace): Promise<Buffer> {
  const { offset, length } = place.chunk;
  const stored = file.subarray(offset, offset + length);
  const packed = header.bitsReversed ? reversed(stored) : stored;
  const raw = await unpackTiffChunk(header.compression, packed, place.storedRows * place.rowBytes);
  if (header.differenced) accumulate(raw, header, place.rowBytes);
  return raw;
}

/** The inverse of `readTiffChunk`: the bytes to store. `raw` is used up. */
export async function packedChunk(raw: Buffer, header: TiffHeader, place: TiffChunkPlace): Promise<Buffer> {
  if (header.differenced) difference(raw, header, place.rowBytes);
  const packed = await packTiffChunk(header.compression, raw, place.rowBytes);
  return header.bitsReversed ? reversed(packed) : packed;
}

/** Undoes predictor 2 (TIFF 6.0 §14): each sample was stored as its difference to the same component of the pixel on its left. */
function accumulate(raw: Buffer, header: TiffHeader, rowBytes: number): void {
  overRows(raw, header, rowBytes, (sample, left) => sample + left, 1);
}

function difference(raw: Buffer, header: TiffHeader, rowBytes: number): void {
  overRows(raw, header, rowBytes, (sample, left) => sample - left, -1);
}

function overRows(
  raw: Buffer,
  header: TiffHeader,
  rowBytes: number,
  combine: (sample: number, left: number) => number,
  direction: 1 | -1,
): void {
  const bytes = header.bits / 8;
  const pixel = samplesSideBySide(header) * bytes;
  const high = header.form.bigEndian ? 0 : 1;
  const get = (at: number) =>
    bytes === 2 ? ((raw[at + high] as number) << 8) | (raw[at + 1 - high] as number) : (raw[at] as number);
  for (let row = 0; row < raw.length; row += rowBytes) {
    const first = row + pixel;
    const last = row + rowBytes - bytes;
    for (let at = direction > 0 ? first : last; at >= first && at <= last; at += direction * bytes) {
      const value = combine(get(at), get(at - pixel));
      if (bytes === 2) {
        raw[at + high] = value >> 8;
        raw[at + 1 - high] = value;
      } else raw[at] = value;
    }
  }
}

/** Each byte with its bits in reverse order (TIFF 6.0, FillOrder 2). */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0;
  for (let k = 0; k < 8; k++) turned |= ((byte >> k) & 1) << (7 - k);
  return turned;
});

function reversed(bytes: Buffer): Buffer {
  const turned = Buffer.allocUnsafe(bytes.length);
  for (let k = 0; k < bytes.length; k++) turned[k] = REVERSED[bytes[k] as number] as number;
  return turned;
}
