import type { Transfer } from '../../film/colour.ts';
import { parseRational, type Rational } from '../../film/rational.ts';
import type { ByteSource } from './byte-source.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';
import type { StillInfo } from './still-info.ts';

/** How the samples of a DPX file (SMPTE ST 268) lie in it. Only the first image element is read, as ffmpeg does. */
export interface DpxHeader extends StillInfo {
  readonly bigEndian: boolean;
  /** Where the picture begins, bytes from the file's start. */
  readonly offset: number;
  /** Bits of a sample: 8, 10, 12, 16 or 32 (float). */
  readonly bits: number;
  /** `packed` without gaps, or filled to whole words with the gap at the low (`A`) or high (`B`) end. */
  readonly packing: 'packed' | 'A' | 'B';
  /** Component of each sample of a pixel, in file order; the two-sample `uyvy` has its own. */
  readonly components: readonly DpxComponent[];
  /** Bytes from one row to the next. */
  readonly rowBytes: number;
}

export type DpxComponent = 'R' | 'G' | 'B' | 'A' | 'Y' | 'Cb' | 'Cr' | 'CbCr';

/** Byte offsets of SMPTE ST 268-1 tables 1 to 6. */
const AT = {
  offset: 4,
  size: 16,
  elements: 770,
  width: 772,
  height: 776,
  descriptor: 800,
  transfer: 801,
  bits: 803,
} as const;
const AT_PACKING = 804;
const AT_ENCODING = 806;
const AT_FILM_RATE = 1724;
const AT_TELEVISION_RATE = 1940;
/** Two scanners are known by their names to let rows of 10 bits begin inside a word. */
const AT_CREATOR = 160;
const AT_DEVICE = 1556;
/** The generic headers end here; film and television headers may be missing. */
const GENERIC_BYTES = 1664;
const WHOLE_BYTES = 2048;
const UNDEFINED = 0xffffffff;

const LAYOUTS: Readonly<Record<number, readonly DpxComponent[]>> = {
  1: ['Y'],
  2: ['Y'],
  3: ['Y'],
  4: ['Y'],
  6: ['Y'],
  50: ['R', 'G', 'B'],
  51: ['R', 'G', 'B', 'A'],
  52: ['A', 'B', 'G', 'R'],
  100: ['CbCr', 'Y'],
  102: ['Cb', 'Y', 'Cr'],
  103: ['Cb', 'Y', 'Cr', 'A'],
};

/** ffmpeg's pixel formats by descriptor and bits; `%` is the file's byte order. */
const FORMATS: Readonly<Record<string, string>> = {
  '1/8': 'gray',
  '2/8': 'gray',
  '3/8': 'gray',
  '4/8': 'gray',
  '6/8': 'gray',
  '6/10': 'gray10le',
  '6/12': 'gray12le',
  '6/16': 'gray16%',
  '50/8': 'rgb24',
  '50/10': 'gbrp10le',
  '50/12': 'gbrp12le',
  '50/16': 'rgb48%',
  '51/8': 'rgba',
  '51/10': 'gbrap10le',
  '51/12': 'gbrap12le',
  '51/16': 'rgba64%',
  '52/8': 'abgr',
  '100/8': 'uyvy422',
  '102/8': 'yuv444p',
  '103/8': 'yuva444p',
};

/** Reads and checks a DPX file's header; the picture itself is not read. @throws DamagedStill */
export async function parseDpx(source: ByteSource): Promise<DpxHeader> {
  if (source.size < GENERIC_BYTES)
    throw new DamagedStill(`is cut off: ${source.size} bytes are less than a DPX header`);
  const head = await source.read(0, Math.min(source.size, WHOLE_BYTES));
  const magic = head.toString('latin1', 0, 4);
  if (magic !== 'SDPX' && magic !== 'XPDS')
    throw new DamagedStill('is not a DPX file: it does not begin with SDPX or XPDS');
  const bigEndian = magic === 'SDPX';
  const u16 = (at: number) => (bigEndian ? head.readUInt16BE(at) : head.readUInt16LE(at));
  const u32 = (at: number) => (bigEndian ? head.readUInt32BE(at) : head.readUInt32LE(at));

  const claimed = u32(AT.size);
  if (claimed !== UNDEFINED && claimed > source.size) {
    throw new DamagedStill(`is cut off: its header says ${claimed} bytes, the file has ${source.size}`);
  }
  if (u16(AT_ENCODING) !== 0)
    throw new UnsupportedStill('is run-length encoded, which is not supported; save it uncompressed');

  const descriptor = head[AT.descriptor] as number;
  const bits = head[AT.bits] as number;
  const components = LAYOUTS[descriptor];
  const packing = (['packed', 'A', 'B'] as const)[u16(AT_PACKING)];
  const format = FORMATS[`${descriptor}/${bits}`];
  if (!components || !format || !packing || (bits === 10 && packing === 'packed')) {
    throw new UnsupportedStill(
      `has a DPX layout that is not supported (descriptor ${descriptor}, ${bits} bits, packing ${u16(AT_PACKING)})`,
    );
  }
  if (u16(AT.elements) > 1 && components.length < 3) {
    throw new UnsupportedStill(
      `keeps its colours in ${u16(AT.elements)} separate image elements, which is not supported`,
    );
  }
  const width = u32(AT.width);
  const height = u32(AT.height);
  const offset = u32(AT.offset);
  if (width === 0 || height === 0 || width > 1 << 17 || height > 1 << 17 || offset < GENERIC_BYTES) {
    throw new DamagedStill(`has a damaged header (${width}×${height} pixels from byte ${offset})`);
  }
  return {
    width,
    height,
    orientation: 1,
    pixelFormat: format.replace('%', bigEndian ? 'be' : 'le'),
    transfer: transferOf(head[AT.transfer] as number),
    rate: rateOf(head, Math.min(offset, head.length), bigEndian),
    obstacle: null,
    note: null,
    bigEndian,
    offset,
    bits,
    packing,
    components,
    rowBytes: rowBytesOf(source.size, head, {
      height,
      offset,
      descriptor,
      bits,
      packing,
      samples: width * components.length,
    }),
  };
}

/** Printing density and logarithmic are film scans; everything else that DPX knows is near enough to video. */
function transferOf(code: number): Transfer | null {
  return code === 1 || code === 3 ? 'log' : null;
}

function rateOf(head: Buffer, end: number, bigEndian: boolean): Rational | null {
  for (const at of [AT_FILM_RATE, AT_TELEVISION_RATE]) {
    if (at + 4 > end) continue;
    const rate = bigEndian ? head.readFloatBE(at) : head.readFloatLE(at);
    if (rate >= 1 && rate <= 240) return parseRational(rate.toFixed(3));
  }
  return null;
}

interface Layout {
  readonly height: number;
  readonly offset: number;
  readonly descriptor: number;
  readonly bits: number;
  readonly packing: 'packed' | 'A' | 'B';
  /** In a row. */
  readonly samples: number;
}

/** Bytes of a row. The standard pads rows to whole 32-bit words; some writers do not, which shows in the file's size alone. */
function rowBytesOf(size: number, head: Buffer, layout: Layout): number {
  const { height, offset, descriptor, bits, packing, samples } = layout;
  const tight =
    bits === 8
      ? samples
      : bits === 10
        ? Math.ceil(samples / 3) * 4
        : bits === 12 && packing === 'packed'
          ? Math.ceil((samples * 3) / 8) * 4
          : samples * 2;
  const unpadded =
    bits === 10 &&
    samples % 3 !== 0 &&
    (head.toString('latin1', AT_DEVICE, AT_DEVICE + 7) === 'Scanity' ||
      head.toString('latin1', AT_CREATOR, AT_CREATOR + 18) === 'Lasergraphics Inc.');
  const planar = descriptor === 102 || descriptor === 103;
  if (unpadded || (planar && tight % 4 !== 0)) {
    throw new UnsupportedStill('has rows that do not begin on a 32-bit word, which is not supported for its samples');
  }
  const padded = Math.ceil(tight / 4) * 4;
  const available = size - offset;
  const wanted = padded * height;
  if (available >= wanted) return padded;
  // Only an exact fit counts: any other size is a padded file that was cut off.
  if (available === tight * height) return tight;
  throw new DamagedStill(
    `is cut off: ${wanted} bytes of picture are needed from byte ${offset}, ${Math.max(0, available)} are there`,
  );
}
