import { orientationOf } from '../../film/orientation.ts';
import type { ByteSource } from './byte-source.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';
import type { StillInfo } from './still-info.ts';
import { canPack } from './tiff-packing.ts';

/** How the samples of a TIFF file's first picture (TIFF 6.0, Adobe 1992) lie in it. */
export interface TiffHeader extends StillInfo {
  readonly bigEndian: boolean;
  /** Bits of a sample, 8 or 16. */
  readonly bits: number;
  /** Samples of a pixel: grey, grey + alpha, RGB, RGB + alpha. */
  readonly samples: number;
  /** One plane after another instead of pixel after pixel. */
  readonly planar: boolean;
  /** 0 is white. */
  readonly inverted: boolean;
  /** Rows are stored as differences of neighbouring pixels. */
  readonly differenced: boolean;
  /** The file's code: 1 none, 5 LZW, 8 and 32946 deflate, 32773 packbits. */
  readonly compression: number;
  readonly rowsPerStrip: number;
  /** With planar samples the strips of the first plane come first. */
  readonly strips: readonly Strip[];
  /** Where the directory keeps the strips' places and lengths. */
  readonly offsets: StripTable;
  readonly lengths: StripTable;
}

interface Strip {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Bytes as stored. */
  readonly length: number;
}

/** An array of a directory entry. */
export interface StripTable {
  /** Byte in the file of the entry itself (12 bytes: tag, type, count, values or their place). */
  readonly entry: number;
  /** Byte in the file of the first value. */
  readonly at: number;
  /** Bytes of a value: 2 or 4. */
  readonly bytes: number;
}

interface Field {
  readonly entry: number;
  readonly at: number;
  readonly bytes: number;
  readonly values: readonly number[];
}

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripLengths: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  sampleFormat: 339,
} as const;
const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));
/** Bytes of a value by field type, from BYTE (1) to IFD (13). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([1, 3, 4]);
/** Strips of a picture: one for each row at most, of each plane. */
const MOST_VALUES = 4 << 17;

/** Reads and checks a TIFF file's first directory; the picture itself is not read. @throws DamagedStill */
export async function parseTiff(source: ByteSource): Promise<TiffHeader> {
  const start = await source.read(0, 8);
  const order = start.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') throw new DamagedStill('is not a TIFF file: it does not begin with II or MM');
  const bigEndian = order === 'MM';
  const version = u16(start, 2, bigEndian);
  if (version === 43) throw new UnsupportedStill('is a BigTIFF, which is not supported; save it as a classic TIFF');
  if (version !== 42) throw new DamagedStill('is not a TIFF file: its version is not 42');

  const fields = await readDirectory(source, u32(start, 4, bigEndian), bigEndian);
  const one = (tag: number, otherwise?: number) => {
    const value = fields.get(tag)?.values[0] ?? otherwise;
    if (value === undefined) throw new DamagedStill(`lacks the TIFF field ${tag}`);
    return value;
  };
  const width = one(TAG.width);
  const height = one(TAG.height);
  const samples = one(TAG.samples, 1);
  const depths = fields.get(TAG.bits)?.values ?? [1];
  const bits = depths[0] as number;
  const planar = one(TAG.planar, 1) === 2 && samples > 1;
  const compression = one(TAG.compression, 1);
  const photometric = one(TAG.photometric, samples >= 3 ? 2 : 1);
  const predictor = one(TAG.predictor, 1);
  const float = (fields.get(TAG.sampleFormat)?.values ?? [1]).some((format) => format !== 1);
  if (width === 0 || height === 0 || width > 1 << 17 || height > 1 << 17) {
    throw new DamagedStill(`has a damaged header (${width}×${height} pixels)`);
  }
  if (fields.has(TAG.tileWidth))
    throw new UnsupportedStill('is a tiled TIFF, which is not supported; save it in strips');

  const rowsPerStrip = Math.max(1, Math.min(one(TAG.rowsPerStrip, height), height));
  const uniform = depths.every((depth) => depth === bits) && (bits === 8 || bits === 16) && !float;
  const pixelFormat = uniform ? formatOf(photometric, { samples, bits, planar, bigEndian }) : null;
  const offsets = fields.get(TAG.stripOffsets);
  const perPlane = Math.ceil(height / rowsPerStrip);
  const expected = perPlane * (planar ? samples : 1);
  if (!offsets || offsets.values.length < expected) {
    throw new DamagedStill(`lists ${offsets?.values.length ?? 0} strips of picture where ${expected} are needed`);
  }
  const rowBytes = Math.ceil((width * (planar ? bits : depthSum(depths, samples))) / 8);
  const lengths = fields.get(TAG.stripLengths);
  const strips = Array.from({ length: expected }, (_, k) => {
    const rows = Math.min(rowsPerStrip, height - (k % perPlane) * rowsPerStrip);
    const offset = offsets.values[k] as number;
    const length = compression === 1 ? rows * rowBytes : (lengths?.values[k] ?? 0);
    const stored = lengths?.values[k] ?? length;
    if (offset + Math.max(length, 1) > source.size || stored < length) {
      throw new DamagedStill(
        `is cut off: strip ${k + 1} of ${expected} needs bytes ${offset} to ${offset + length}, the file has ${source.size}`,
      );
    }
    return { offset, length };
  });

  return {
    width,
    height,
    orientation: orientationOf(one(TAG.orientation, 1)),
    pixelFormat,
    transfer: null,
    rate: null,
    obstacle:
      pixelFormat === null || !lengths
        ? `its samples (${bits} bits, ${samples} a pixel, photometric ${photometric}${float ? ', float' : ''}) cannot be written back`
        : !canPack(compression) || predictor > 2 || one(TAG.fillOrder, 1) !== 1
          ? `its compression (${compression}, predictor ${predictor}) cannot be written back`
          : null,
    note: null,
    bigEndian,
    bits,
    samples,
    planar,
    inverted: photometric === 0,
    differenced: predictor === 2 && compression !== 1,
    compression,
    rowsPerStrip,
    strips,
    offsets,
    lengths: lengths ?? offsets,
  };
}

/** ffmpeg's pixel format, for what it decodes and we can write; null otherwise. */
function formatOf(
  photometric: number,
  { samples, bits, planar, bigEndian }: Pick<TiffHeader, 'samples' | 'bits' | 'planar' | 'bigEndian'>,
): string | null {
  const order = bits === 16 ? (bigEndian ? 'be' : 'le') : '';
  if (photometric === 2 && planar) {
    return samples === 3 || samples === 4 ? `gbr${samples === 4 ? 'a' : ''}p${bits === 16 ? `16${order}` : ''}` : null;
  }
  if (planar) return null;
  if (photometric === 2 && samples === 3) return bits === 16 ? `rgb48${order}` : 'rgb24';
  if (photometric === 2 && samples === 4) return bits === 16 ? `rgba64${order}` : 'rgba';
  if (photometric > 1) return null;
  if (samples === 1) return bits === 16 ? `gray16${order}` : 'gray';
  return samples === 2 && photometric === 1 ? `ya${bits}${order}` : null;
}

function depthSum(depths: readonly number[], samples: number): number {
  return depths.length === samples ? depths.reduce((sum, depth) => sum + depth, 0) : (depths[0] as number) * samples;
}

async function readDirectory(source: ByteSource, at: number, bigEndian: boolean): Promise<Map<number, Field>> {
  const count = u16(await source.read(at, 2), 0, bigEndian);
  // The four bytes after the entries say where the next directory is.
  const entries = await source.read(at + 2, count * 12 + 4);
  const fields = new Map<number, Field>();
  for (let k = 0; k < count; k++) {
    const tag = u16(entries, k * 12, bigEndian);
    const type = u16(entries, k * 12 + 2, bigEndian);
    const bytes = TYPE_BYTES[type] ?? 0;
    const length = u32(entries, k * 12 + 4, bigEndian);
    const entry = at + 2 + k * 12;
    const place = bytes * length <= 4 ? entry + 8 : u32(entries, k * 12 + 8, bigEndian);
    if (place + bytes * length > source.size) {
      throw new DamagedStill(
        `is cut off: field ${tag} ends at byte ${place + bytes * length}, the file has ${source.size}`,
      );
    }
    if (!WANTED.has(tag) || !WHOLE_NUMBERS.has(type)) continue;
    if (length > MOST_VALUES) throw new DamagedStill(`has a damaged TIFF field ${tag} (${length} values)`);
    const raw = await source.read(place, bytes * length);
    const values = Array.from({ length }, (_, i) =>
      bytes === 1 ? (raw[i] as number) : bytes === 2 ? u16(raw, i * 2, bigEndian) : u32(raw, i * 4, bigEndian),
    );
    fields.set(tag, { entry, at: place, bytes, values });
  }
  return fields;
}

function u16(bytes: Buffer, at: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
}

function u32(bytes: Buffer, at: number, bigEndian: boolean): number {
  return bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
}
