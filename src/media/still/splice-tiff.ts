import { type Plane, type Plate, planesOf } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { StripTable, TiffHeader } from './tiff.ts';
import { packStrip, unpackStrip } from './tiff-packing.ts';

/**
 * A copy of a TIFF file in which the samples of the rows `[rows.in, rows.out)` are the plate's; alpha and everything else stay.
 *
 * In an uncompressed file only the changed words change. A compressed file has the strips that hold these rows packed again
 * with its own compression; a strip that no longer fits into its place moves to the file's end, and its old bytes stay
 * behind unused.
 */
export async function spliceTiff(file: Buffer, header: TiffHeader, plate: Plate, rows: FrameRange): Promise<Buffer> {
  const spliced = Buffer.from(file);
  const perPlane = Math.ceil(header.height / header.rowsPerStrip);
  const rowBytes = header.width * (header.planar ? 1 : header.samples) * (header.bits / 8);
  const moved = new Map<number, Buffer>();
  const lengths = new Map<number, number>();
  for (let k = 0; k < header.strips.length; k++) {
    const top = (k % perPlane) * header.rowsPerStrip;
    const bottom = Math.min(top + header.rowsPerStrip, header.height);
    const from = Math.max(top, rows.in);
    const to = Math.min(bottom, rows.out);
    const columns = componentsOf(header, Math.floor(k / perPlane), plate);
    if (from >= to || columns.every((plane) => plane === null)) continue;

    const { offset, length } = header.strips[k] as (typeof header.strips)[number];
    const packed = file.subarray(offset, offset + length);
    const raw = await unpackStrip(header.compression, packed, (bottom - top) * rowBytes);
    const strip = { raw, rowBytes, top };
    if (header.differenced) accumulate(strip, header);
    putRows(strip, header, columns, { in: from, out: to });
    if (header.differenced) difference(strip, header);
    const repacked = await packStrip(header.compression, raw, rowBytes);
    if (repacked.length <= length) repacked.copy(spliced, offset);
    else moved.set(k, repacked);
    if (repacked.length !== length) lengths.set(k, repacked.length);
  }
  return lengths.size === 0 ? spliced : replaceStrips(spliced, header, moved, lengths);
}

/** The plate's plane behind each sample of a pixel of a strip; null for alpha. */
function componentsOf(header: TiffHeader, plane: number, plate: Plate): (Plane | null)[] {
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  const order = header.samples >= 3 ? (['R', 'G', 'B'] as const) : (['Y'] as const);
  const all = Array.from({ length: header.samples }, (_, k) => {
    const at = plate.format.planes.findIndex(({ component }) => component === order[k]);
    return at < 0 ? null : (planes[at] as Plane);
  });
  return header.planar ? [all[plane] as Plane | null] : all;
}

/** An unpacked strip. */
interface Strip {
  readonly raw: Buffer;
  readonly rowBytes: number;
  /** Its first row in the picture. */
  readonly top: number;
}

function putRows(
  { raw, rowBytes, top }: Strip,
  header: TiffHeader,
  columns: readonly (Plane | null)[],
  rows: FrameRange,
): void {
  const { bits, bigEndian, width } = header;
  const flip = header.inverted ? (bits === 16 ? 0xffff : 0xff) : 0;
  const wide = bits === 16;
  const step = columns.length * (wide ? 2 : 1);
  const high = bigEndian ? 0 : 1;
  columns.forEach((plane, k) => {
    if (!plane) return;
    for (let y = rows.in; y < rows.out; y++) {
      let at = (y - top) * rowBytes + k * (wide ? 2 : 1);
      for (let x = 0; x < width; x++, at += step) {
        const value = (plane.samples[y * width + x] as number) ^ flip;
        if (wide) {
          raw[at + high] = value >> 8;
          raw[at + 1 - high] = value;
        } else raw[at] = value;
      }
    }
  });
}

/** Undoes predictor 2 (TIFF 6.0 §14): each sample was stored as its difference to the same component of the pixel on its left. */
function accumulate(strip: Strip, header: TiffHeader): void {
  overRows(strip, header, (sample, left) => sample + left, 1);
}

function difference(strip: Strip, header: TiffHeader): void {
  overRows(strip, header, (sample, left) => sample - left, -1);
}

function overRows(
  { raw, rowBytes }: Strip,
  header: TiffHeader,
  combine: (sample: number, left: number) => number,
  direction: 1 | -1,
): void {
  const bytes = header.bits / 8;
  const pixel = (header.planar ? 1 : header.samples) * bytes;
  const high = header.bigEndian ? 0 : 1;
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

/** Appends strips that moved and writes every strip's new place and length into the directory. */
function replaceStrips(
  file: Buffer,
  header: TiffHeader,
  moved: ReadonlyMap<number, Buffer>,
  lengths: ReadonlyMap<number, number>,
): Buffer {
  const parts = [file];
  let end = file.length;
  const append = (bytes: Buffer): number => {
    // Offsets in a TIFF file are even (TIFF 6.0 §2).
    const padding = end % 2;
    if (padding) parts.push(Buffer.alloc(1));
    const at = end + padding;
    parts.push(bytes);
    end = at + bytes.length;
    return at;
  };
  const places = header.strips.map((strip, k) => {
    const bytes = moved.get(k);
    return bytes ? append(bytes) : strip.offset;
  });
  const counts = header.strips.map((strip, k) => lengths.get(k) ?? strip.length);
  for (const [table, values] of [
    [header.offsets, places],
    [header.lengths, counts],
  ] as const) {
    writeTable({ file, bigEndian: header.bigEndian }, table, values, append);
  }
  return Buffer.concat(parts);
}

function writeTable(
  { file, bigEndian }: { readonly file: Buffer; readonly bigEndian: boolean },
  table: StripTable,
  values: readonly number[],
  append: (bytes: Buffer) => number,
): void {
  const encode = (bytes: number) => {
    const encoded = Buffer.alloc(values.length * bytes);
    values.forEach((value, k) => {
      bigEndian ? encoded.writeUIntBE(value, k * bytes, bytes) : encoded.writeUIntLE(value, k * bytes, bytes);
    });
    return encoded;
  };
  if (Math.max(...values) < 256 ** table.bytes) {
    encode(table.bytes).copy(file, table.at);
    return;
  }
  // SHORT values have become too large: the entry is written anew with LONG ones.
  const wide = encode(4);
  const u32 = (value: number, at: number) =>
    bigEndian ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at);
  if (bigEndian) file.writeUInt16BE(4, table.entry + 2);
  else file.writeUInt16LE(4, table.entry + 2);
  u32(values.length, table.entry + 4);
  if (values.length === 1) wide.copy(file, table.entry + 8);
  else u32(append(wide), table.entry + 8);
}
