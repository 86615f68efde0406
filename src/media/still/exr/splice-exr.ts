import type { Plate } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import { bytesInMemory } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';
import type { ExrHeader, ExrTable } from './exr.ts';
import {
  type ChunkLayout,
  chunkLayout,
  chunksOf,
  dataBytes,
  type ExrChunk,
  framedChunk,
  headBytes,
  readExrChunk,
} from './exr-chunk.ts';
import { isSeen, planesByComponent, seenLines } from './exr-frame.ts';
import { canPackExr, packExrChunk, unpackExrChunk } from './exr-packing.ts';
import type { ExrPart } from './exr-part.ts';
import { writeExrSamples } from './exr-samples.ts';

const ZIP = 3;
const ZIP_LINES = 16;

/**
 * A copy of an EXR file in which the samples of the rows `[rows.in, rows.out)` of its picture are the plate's, in each channel's own
 * depth. Attributes, alpha, other channels, layers, parts and levels, samples outside the display window and all chunks without a
 * changed sample stay; so does every sample that did not change.
 *
 * A part with a compression that is not written here comes back as ZIP.
 *
 * @throws DamagedStill
 */
export async function spliceExr(file: Buffer, header: ExrHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const { part } = header.picture;
  const packs = canPackExr(part.compression);
  const pieces: Piece[] = [];
  let changes = false;
  for (const level of part.levels) {
    for (const chunk of chunksOf(part, level)) {
      const seen = level === part.levels[0] && isSeen(header.picture, chunk, rows);
      if (packs && !seen) continue;
      const layout = chunkLayout(part.channels, chunk);
      const raw = await unpacked(file, header, chunk, layout);
      const changed = seen && putLines(raw, header, { layout, chunk, plate, rows });
      changes ||= changed;
      if (packs && !changed) continue;
      pieces.push({
        index: chunk.index,
        chunks: packs ? [await packedChunk(header, chunk, layout, raw)] : await asZip(header, chunk, layout, raw),
      });
    }
  }
  if (!changes) return file;
  return assembled(packs ? file : saidToBeZip(file, part), header, pieces);
}

/** What takes the place of a chunk. */
interface Piece {
  /** Its place in the table of the picture's part. */
  readonly index: number;
  readonly chunks: readonly Buffer[];
}

async function unpacked(file: Buffer, header: ExrHeader, chunk: ExrChunk, layout: ChunkLayout): Promise<Buffer> {
  const { multiPart, picture } = header;
  const { part } = picture;
  const place = placesOf(header, part)[chunk.index] as number;
  return unpackExrChunk(
    part.compression,
    await readExrChunk(bytesInMemory(file), { part, multiPart, place }, chunk),
    layout,
  );
}

/** True where a sample differed. Alpha stays. */
function putLines(
  raw: Buffer,
  { picture }: ExrHeader,
  of: { readonly layout: ChunkLayout; readonly chunk: ExrChunk; readonly plate: Plate; readonly rows: FrameRange },
): boolean {
  const { layout, chunk, plate, rows } = of;
  const planes = planesByComponent(plate);
  let changed = false;
  for (const { component, type, at, from, count } of seenLines(picture, layout, chunk, rows)) {
    const plane = planes.get(component);
    if (!plane || component === 'A') continue;
    if (writeExrSamples(raw, at, type, plane.subarray(from, from + count))) changed = true;
  }
  return changed;
}

async function packedChunk(
  { picture: { part }, multiPart }: ExrHeader,
  { key }: ExrChunk,
  layout: ChunkLayout,
  raw: Buffer,
): Promise<Buffer> {
  return framedChunk(part, multiPart, key, await packExrChunk(part.compression, raw, layout));
}

/** A chunk as one of ZIP; of scan lines several, of sixteen lines each. */
async function asZip(
  { picture: { part }, multiPart }: ExrHeader,
  chunk: ExrChunk,
  layout: ChunkLayout,
  raw: Buffer,
): Promise<Buffer[]> {
  if (part.storage === 'tiles') return [framedChunk(part, multiPart, chunk.key, await packExrChunk(ZIP, raw, layout))];
  const chunks: Buffer[] = [];
  let at = 0;
  for (let line = 0; line < chunk.height; line += ZIP_LINES) {
    const height = Math.min(ZIP_LINES, chunk.height - line);
    const top = chunk.top + line;
    const lines = chunkLayout(part.channels, { ...chunk, top, height });
    chunks.push(
      framedChunk(part, multiPart, [top], await packExrChunk(ZIP, raw.subarray(at, at + lines.bytes), lines)),
    );
    at += lines.bytes;
  }
  return chunks;
}

/** The header's attributes changed in their places. */
function saidToBeZip(file: Buffer, { attributes, storage, data }: ExrPart): Buffer {
  const changed = Buffer.from(file);
  changed[(attributes.get('compression') as { at: number }).at] = ZIP;
  if (storage === 'scan lines') {
    const count = attributes.get('chunkCount');
    if (count) changed.writeInt32LE(Math.ceil(data.height / ZIP_LINES), count.at);
  }
  return changed;
}

function placesOf({ tables }: ExrHeader, { index }: ExrPart): readonly number[] {
  return (tables[index] as ExrTable).places;
}

/** The file with pieces in their chunks' places, what follows them moved, and tables that say so. */
function assembled(file: Buffer, header: ExrHeader, pieces: readonly Piece[]): Buffer {
  const { parts, tables, picture, multiPart } = header;
  const replaced = new Map(pieces.map(({ index, chunks }) => [index, chunks]));
  const chunks = parts
    .flatMap((part) => placesOf(header, part).map((place, index) => ({ part, place, index })))
    .sort((a, b) => a.place - b.place);
  const start = (tables[0] as ExrTable).at;
  const end = start + chunks.length * 8;
  const moved: number[][][] = parts.map(() => []);
  const out: Buffer[] = [];
  // Bytes that belong to no chunk stay between their neighbours.
  let copied = end;
  let at = 0;
  const put = (bytes: Buffer) => {
    out.push(bytes);
    at += bytes.length;
  };
  for (const { part, place, index } of chunks) {
    if (place < copied) throw new DamagedStill('is damaged: two of its chunks overlap');
    const size = headBytes(part, multiPart);
    const next = place + size + dataBytes(part, file.subarray(place, place + size));
    if (next > file.length) throw new DamagedStill(`is damaged: the chunk at byte ${place} ends behind the file`);
    put(file.subarray(copied, place));
    const instead = part === picture.part ? replaced.get(index) : undefined;
    const here: number[] = [];
    for (const bytes of instead ?? [file.subarray(place, next)]) {
      here.push(at);
      put(bytes);
    }
    (moved[part.index] as number[][])[index] = here;
    copied = next;
  }
  put(file.subarray(copied));
  const places = moved.flat(2);
  const table = Buffer.alloc(places.length * 8);
  places.forEach((place, k) => {
    table.writeBigUInt64LE(BigInt(start + table.length + place), k * 8);
  });
  return Buffer.concat([file.subarray(0, start), table, ...out]);
}
