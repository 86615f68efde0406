import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import { DamagedStill } from '../damaged-still.ts';
import type { TiffHeader } from './tiff.ts';
import { chunkPlace, packedChunk, readTiffChunk, type TiffChunkPlace } from './tiff-chunks.ts';
import { writeTiffTable } from './tiff-directory.ts';
import { planesBehind, putSamples } from './tiff-samples.ts';

/**
 * A copy of a TIFF file in which the samples of the rows `[rows.in, rows.out)` are the plate's; alpha and everything else stay.
 *
 * In an uncompressed file only the changed words change. In a compressed one the strips or tiles that differ are packed again with
 * its own compression; one that no longer fits into its place, or shares it with another, moves to the file's end, and its old
 * bytes stay behind.
 */
export async function spliceTiff(file: Buffer, header: TiffHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const spliced = Buffer.from(file);
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const shared = sharedPlaces(header);
  const moved = new Map<number, Buffer>();
  const lengths = new Map<number, number>();
  for (let k = 0; k < header.chunks.length; k++) {
    const place = chunkPlace(header, k);
    const within = { in: Math.max(place.rows.in, rows.in), out: Math.min(place.rows.out, rows.out) };
    if (within.in >= within.out) continue;
    const behind = planesBehind(header, place, plate.format, planes);
    const repacked = await changedChunk(file, header, place, behind, within);
    if (!repacked) continue;
    const { offset, length } = place.chunk;
    if (repacked.length <= length && !shared.has(k)) repacked.copy(spliced, offset);
    else moved.set(k, repacked);
    if (repacked.length !== length) lengths.set(k, repacked.length);
  }
  return moved.size + lengths.size === 0 ? spliced : replaceChunks(spliced, header, moved, lengths);
}

/** The bytes of a strip or tile with the plate's samples in it; null where it has them already. */
async function changedChunk(
  file: Buffer,
  header: TiffHeader,
  place: TiffChunkPlace,
  behind: readonly (Plane | null)[],
  rows: FrameRange,
): Promise<Buffer | null> {
  const picture = behind.map((plane, component) => (plane && isPicture(header, place, component) ? plane : null));
  if (picture.every((plane) => plane === null)) return null;
  const raw = await readTiffChunk(file, header, place);
  const before = Buffer.from(raw);
  picture.forEach((plane, component) => {
    if (plane) putSamples(raw, header, place, { component, rows }, plane);
  });
  return raw.equals(before) ? null : packedChunk(raw, header, place);
}

/** False for alpha, which stays. */
function isPicture(header: TiffHeader, place: TiffChunkPlace, component: number): boolean {
  return (header.planar ? place.plane : component) < 3;
}

/** Strips or tiles whose bytes are those of another, too: writers keep equal ones once. */
function sharedPlaces({ chunks }: TiffHeader): Set<number> {
  const shared = new Set<number>();
  const inOrder = chunks.map((chunk, index) => ({ ...chunk, index })).sort((a, b) => a.offset - b.offset);
  let last = inOrder[0];
  for (const chunk of inOrder.slice(1)) {
    if (last && chunk.offset < last.offset + last.length) {
      shared.add(chunk.index);
      shared.add(last.index);
    }
    if (!last || chunk.offset + chunk.length > last.offset + last.length) last = chunk;
  }
  return shared;
}

/** The largest place that a TIFF file that is not a BigTIFF can name. */
const FURTHEST = 2 ** 32 - 1;

/** Appends strips or tiles that moved and writes every one's new place and length into the directory. */
function replaceChunks(
  file: Buffer,
  header: TiffHeader,
  moved: ReadonlyMap<number, Buffer>,
  lengths: ReadonlyMap<number, number>,
): Buffer {
  const { chunks, offsets, form } = header;
  const parts = [file];
  let end = file.length;
  const append = (bytes: Buffer): number => {
    // Offsets in a TIFF file are even (TIFF 6.0 §2).
    const padding = end % 2;
    if (padding) parts.push(Buffer.alloc(1));
    const at = end + padding;
    parts.push(bytes);
    end = at + bytes.length;
    if (!form.big && end > FURTHEST) throw new DamagedStill('would grow beyond 4 GiB; save it as a BigTIFF');
    return at;
  };
  // The tables may list more than the picture needs.
  const places = offsets.values.map((offset, k) => {
    const bytes = moved.get(k);
    return k < chunks.length && bytes ? append(bytes) : offset;
  });
  writeTiffTable(file, form, { field: offsets, values: places }, append);
  if (header.lengths) {
    const counts = header.lengths.values.map((length, k) => lengths.get(k) ?? length);
    writeTiffTable(file, form, { field: header.lengths, values: counts }, append);
  }
  return Buffer.concat(parts);
}
