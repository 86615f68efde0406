import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';

/** What a DPX header says, unjudged; null where it says that it does not say. Byte offsets are those of SMPTE ST 268-1 tables 1 to 6. */
export interface DpxFields {
  readonly bigEndian: boolean;
  /** Where the picture begins, by the file header. */
  readonly offset: number;
  /** Where it may begin, by the file header and by the first image element, without places that are not in the file. */
  readonly offsets: readonly number[];
  /** Bytes of the file. */
  readonly fileSize: number | null;
  /** 0 to 7; see `EXIF_ORIENTATIONS`. */
  readonly orientation: number | null;
  readonly width: number;
  readonly height: number;
  readonly signed: boolean;
  readonly descriptor: number;
  /** Descriptors and places of the image elements behind the first. */
  readonly others: readonly { readonly descriptor: number; readonly offset: number | null }[];
  readonly transfer: number;
  readonly colorimetric: number;
  readonly bits: number;
  readonly packing: number;
  /** 0: as they are; 1: run-length. */
  readonly encoding: number | null;
  /** Bytes behind each row, and behind the picture. */
  readonly rowPadding: number | null;
  readonly picturePadding: number | null;
  readonly filmRate: number | null;
  readonly televisionRate: number | null;
  /** Sides of a pixel, of which only the ratio means something. */
  readonly pixelWidth: number | null;
  readonly pixelHeight: number | null;
  /** Eight decimal digits, four bits each, `HHMMSSFF`. */
  readonly timecode: number | null;
  /** Codes of black and white. */
  readonly black: number | null;
  readonly white: number | null;
  /** True where the file was made by one of two scanners whose rows of 10 bits ffmpeg takes to begin inside a word. */
  readonly runsOn: boolean;
}

/** The generic headers end here; film and television headers may be missing. */
const GENERIC_BYTES = 1664;
const WHOLE_BYTES = 2048;
const ELEMENT = 780;
const ELEMENT_BYTES = 72;
const MOST_ELEMENTS = 8;

/** Reads a DPX file's header. @throws DamagedStill where there is none */
export async function readDpxFields(source: ByteSource): Promise<DpxFields> {
  const head = await source.read(0, Math.min(source.size, WHOLE_BYTES));
  const magic = head.toString('latin1', 0, 4);
  if (head.length >= 4 && magic !== 'SDPX' && magic !== 'XPDS')
    throw new DamagedStill('is not a DPX file: it does not begin with SDPX or XPDS');
  if (head.length < GENERIC_BYTES)
    throw new DamagedStill(`is cut off: ${source.size} bytes are less than a DPX header, which has ${GENERIC_BYTES}`);
  const bigEndian = magic === 'SDPX';
  const u16 = (at: number) => (bigEndian ? head.readUInt16BE(at) : head.readUInt16LE(at));
  const u32 = (at: number) => (bigEndian ? head.readUInt32BE(at) : head.readUInt32LE(at));
  const said16 = (at: number) => (u16(at) === 0xffff ? null : u16(at));
  const said32 = (at: number) => (u32(at) === 0xffffffff ? null : u32(at));
  const offsets = [...new Set([u32(4), u32(ELEMENT + 28)])].filter((at) => at >= GENERIC_BYTES && at < source.size);
  const end = Math.min(head.length, offsets[0] ?? 0);
  const real = (at: number) => {
    if (at + 4 > end || said32(at) === null) return null;
    const value = bigEndian ? head.readFloatBE(at) : head.readFloatLE(at);
    return Number.isNaN(value) ? null : value;
  };
  const elements = u16(770) <= MOST_ELEMENTS ? u16(770) : 1;
  return {
    bigEndian,
    offset: u32(4),
    offsets,
    fileSize: said32(16),
    orientation: said16(768),
    width: u32(772),
    height: u32(776),
    signed: u32(ELEMENT) === 1,
    descriptor: head[ELEMENT + 20] as number,
    others: Array.from({ length: Math.max(0, elements - 1) }, (_, k) => ELEMENT + (k + 1) * ELEMENT_BYTES).map(
      (at) => ({
        descriptor: head[at + 20] as number,
        offset: said32(at + 28),
      }),
    ),
    transfer: head[ELEMENT + 21] as number,
    colorimetric: head[ELEMENT + 22] as number,
    bits: head[ELEMENT + 23] as number,
    packing: u16(ELEMENT + 24),
    encoding: said16(ELEMENT + 26),
    rowPadding: said32(ELEMENT + 32),
    picturePadding: said32(ELEMENT + 36),
    filmRate: real(1724) || null,
    televisionRate: real(1940) || null,
    pixelWidth: said32(1628),
    pixelHeight: said32(1632),
    timecode: 1920 + 4 > end ? null : said32(1920),
    black: real(1952),
    white: real(1964),
    runsOn:
      head.toString('latin1', 1556, 1563) === 'Scanity' || head.toString('latin1', 160, 178) === 'Lasergraphics Inc.',
  };
}
