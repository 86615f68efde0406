import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import type { PngHeader } from './png.ts';
import { pngChunk } from './png-chunk.ts';
import { filterRow, pngPicture, unfilterRows } from './png-filter.ts';

/** Film noise hardly packs: of a noisy 16-bit HD frame, level 6 saved 2 % more than 4 in twice the time. */
const LEVEL = 4;
/** Chunks that say something of the samples' stored form, which a still that is rewritten as plain RGB or grey no longer has. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['PLTE', 'tRNS', 'sBIT', 'bKGD', 'hIST']);

/**
 * A copy of a PNG file in which the samples of the rows `[rows.in, rows.out)` are the plate's; alpha, all other rows and all
 * chunks but the picture's stay. Palette, interlaced and 1- to 4-bit pictures are rewritten whole, as plain RGB or grey.
 */
export async function splicePng(file: Buffer, header: PngHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const rewritten = header.colourType === 3 || header.bits < 8 || header.interlaced;
  return rewritten ? rewrite(file, header, plate) : splice(file, header, plate, rows);
}

async function splice(file: Buffer, header: PngHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const { width, height, bits, samples } = header;
  const pixel = samples * (bits / 8);
  const rowBytes = width * pixel;
  const filtered = await promisify(inflate)(pngPicture(file, header));
  if (filtered.length < height * (rowBytes + 1))
    throw new Error(`The picture unpacks to ${filtered.length} bytes only.`);
  const raw = unfilterRows(filtered.subarray(0, height * (rowBytes + 1)), { rowBytes, pixel });
  putRows(raw, planesInOrder(plate, samples), { bits, width }, rows);
  // The row below the last changed one is predicted from it.
  for (let y = rows.in; y < Math.min(rows.out + 1, height); y++) filterRow(raw, filtered, y, { rowBytes, pixel });
  return assemble(file, header, await promisify(deflate)(filtered, { level: LEVEL }), null);
}

async function rewrite(file: Buffer, header: PngHeader, plate: Plate): Promise<Buffer> {
  const grey = plate.format.model === 'gray';
  // A palette is decoded with alpha, so an opaque one comes back with it too: then all stills of the reel keep one form.
  const samples = grey ? 1 : plate.format.planes.length;
  const bits = plate.format.bits;
  const pixel = samples * (bits / 8);
  const rowBytes = header.width * pixel;
  const raw = Buffer.alloc(header.height * rowBytes);
  putRows(raw, planesInOrder(plate, samples, true), { bits, width: header.width }, { in: 0, out: header.height });
  const filtered = Buffer.alloc(header.height * (rowBytes + 1));
  for (let y = 0; y < header.height; y++) {
    filtered[y * (rowBytes + 1)] = 1;
    filterRow(raw, filtered, y, { rowBytes, pixel });
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(header.width, 0);
  head.writeUInt32BE(header.height, 4);
  head[8] = bits;
  head[9] = grey ? 0 : samples === 4 ? 6 : 2;
  return assemble(file, header, await promisify(deflate)(filtered, { level: LEVEL }), head);
}

/** The plate's planes in PNG's order of samples; null for alpha that is to stay. */
function planesInOrder(plate: Plate, samples: number, alpha = false): (Plane | null)[] {
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const order = samples >= 3 ? ['R', 'G', 'B', ...(alpha ? ['A'] : [])] : ['Y'];
  return Array.from({ length: samples }, (_, k) => {
    const at = plate.format.planes.findIndex(({ component }) => component === order[k]);
    return at < 0 ? null : (planes[at] as Plane);
  });
}

function putRows(
  raw: Buffer,
  planes: readonly (Plane | null)[],
  { bits, width }: Pick<PngHeader, 'bits' | 'width'>,
  rows: FrameRange,
): void {
  const bytes = bits / 8;
  const step = planes.length * bytes;
  planes.forEach((plane, k) => {
    if (!plane) return;
    for (let y = rows.in; y < rows.out; y++) {
      let at = y * width * step + k * bytes;
      for (let x = 0; x < width; x++, at += step) {
        const value = plane.samples[y * width + x] as number;
        if (bytes === 2) {
          raw[at] = value >> 8;
          raw[at + 1] = value;
        } else raw[at] = value;
      }
    }
  });
}

/** The file's chunks with another picture, and with another header where there is one. */
function assemble(file: Buffer, header: PngHeader, picture: Buffer, head: Buffer | null): Buffer {
  const parts = [file.subarray(0, 8)];
  let placed = false;
  for (const { type, offset, length } of header.chunks) {
    if (type === 'IDAT') {
      if (!placed) parts.push(pngChunk('IDAT', picture));
      placed = true;
    } else if (type === 'IHDR' && head) parts.push(pngChunk('IHDR', head));
    else if (!head || !OF_THE_FORM.has(type)) parts.push(file.subarray(offset - 8, offset + length + 4));
  }
  return Buffer.concat(parts);
}
