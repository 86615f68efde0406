import { type Plane, planesOf } from '../../../../src/film/plate.ts';
import { pictureBytes, sampleFormat } from '../../../../src/film/sample-format.ts';

/** A DPX file as some scanner or program writes it. */
export interface DrawnDpx {
  readonly bigEndian: boolean;
  readonly descriptor: number;
  readonly bits: 8 | 10 | 12 | 16;
  /** The field of the header; 1 and 2 fill words by method A and B. */
  readonly packing: number;
  readonly width: number;
  readonly height: number;
  /** Where the picture begins, by the file header; the first element's header says so too, unless it says something else. */
  readonly offset: number;
  readonly elementOffset?: number;
  /** Rows end with the last word (`filled`), byte (`tight`) or bit (`running`) of their samples. */
  readonly rows: 'filled' | 'tight' | 'running';
  /** Bytes behind each row, and whether the header says so. */
  readonly rowPadding?: number;
  readonly saysRowPadding?: boolean;
  /** Bytes behind the picture. */
  readonly trailing?: number;
  /** What the header says that the file has; the truth where it is left out. */
  readonly fileSize?: number;
  readonly orientation?: number;
  readonly encoding?: number;
  readonly elements?: number;
  readonly transfer?: number;
  readonly filmRate?: number;
  readonly televisionRate?: number;
  /** True where a word's first sample is in its lowest bits; as the standard has it where it is left out. */
  readonly lowFirst?: boolean;
  /** What the picture is drawn by, 0 … 1. */
  readonly seed: number;
  /** Where a stored pixel is seen; where it is stored, where this is left out. */
  readonly seenAt?: (column: number, row: number) => readonly [number, number];
}

/** Components by descriptor, of the pixels that share them. */
const GROUPS: Readonly<Record<number, string>> = {
  1: 'Y',
  6: 'Y',
  50: 'RGB',
  51: 'RGBA',
  52: 'ABGR',
  53: 'BGR',
  54: 'BGRA',
  55: 'ARGB',
  100: 'UYVY',
  101: 'UYAVYA',
  102: 'UYV',
  103: 'UYVA',
};

const NAMES: Readonly<Record<string, string>> = { U: 'Cb', V: 'Cr' };

/** A picture with something to see, and nothing in it that repeats: soft shapes, an edge and a little grain. */
function sampleAt(seed: number, component: string, x: number, y: number): number {
  const at = 'YRGBUVA'.indexOf(component) + 1 + Math.floor(seed * 1000);
  const soft = 0.6 * shapes(at, x / 11, y / 9) + 0.4 * shapes(at + 50, x / 5, y / 7);
  const edge = Math.hypot(x - 20 - 12 * seed, y - 12) < 9 ? 0.3 : 0;
  return Math.min(1, Math.max(0, 0.1 + 0.6 * soft + edge + 0.03 * hash(at, x, y)));
}

/** A smooth field, 0 … 1, with a value of its own at each whole place. */
function shapes(seed: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top].map((t) => t * t * (3 - 2 * t)) as [number, number];
  const across = (row: number) => hash(seed, left, row) * (1 - u) + hash(seed, left + 1, row) * u;
  return across(top) * (1 - v) + across(top + 1) * v;
}

function hash(seed: number, x: number, y: number): number {
  let h = Math.imul(seed, 374761393) ^ Math.imul(x + 7, 668265263) ^ Math.imul(y + 13, 2246822519);
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  h = Math.imul(h ^ (h >>> 13), 3266489917);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** The file, and its picture in the planes of `pixelFormat`, drawn sample by sample. */
export function drawDpx(drawn: DrawnDpx): { file: Buffer; planes: Uint8Array; pixelFormat: string } {
  const { width, height, bits, bigEndian, offset, descriptor } = drawn;
  const group = GROUPS[descriptor] as string;
  const pixels = group.startsWith('UY') && group.split('Y').length === 3 ? 2 : 1;
  const alpha = group.includes('A') ? 'a' : '';
  const model = group.includes('R')
    ? `gbr${alpha}p`
    : group.includes('U')
      ? `yuv${alpha}${pixels === 2 ? 422 : 444}p`
      : 'gray';
  const pixelFormat = bits === 8 ? model : `${model}${bits}le`;
  const format = sampleFormat(pixelFormat);
  const bytes = new Uint8Array(pictureBytes(format, width, height));
  const planes = planesOf(format, bytes, width, height);
  const planeOf = (letter: string): Plane =>
    planes[format.planes.findIndex(({ component }) => component === (NAMES[letter] ?? letter))] as Plane;

  const perRow = (width / pixels) * group.length;
  const samples = new Uint16Array(perRow * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x += pixels) {
      let luma = 0;
      let a = 0;
      for (const letter of group) {
        const column = letter === 'Y' ? x + luma++ : letter === 'A' ? x + a++ : x;
        const [seenX, seenY] = drawn.seenAt?.(column, y) ?? [column, y];
        const value = Math.round(sampleAt(drawn.seed, letter, seenX, seenY) * (2 ** bits - 1));
        const plane = planeOf(letter);
        plane.samples[y * plane.width + (letter === 'U' || letter === 'V' ? column / pixels : column)] = value;
        samples[i++] = value;
      }
    }
  }

  const run = runOf(drawn, group.length === 1);
  const rowBits = drawn.rows === 'running' ? null : run.bytes(perRow) * 8;
  const padding = drawn.rowPadding ?? 0;
  const filled = rowBits === null ? 0 : drawn.rows === 'filled' ? Math.ceil(rowBits / 32) * 4 : rowBits / 8;
  const stride = filled + padding;
  const pictureEnd = offset + (rowBits === null ? run.bytes(perRow * height) : stride * height);
  const file = Buffer.alloc(pictureEnd + (drawn.trailing ?? 0));
  // Whatever lies between samples is not empty.
  for (let i = 0, seed = 7; i < file.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    file[i] = seed >>> 24;
  }
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < perRow; i++) {
      const [at, k] = rowBits === null ? [offset, y * perRow + i] : [offset + y * stride, i];
      run.put(file, at, k, samples[y * perRow + i] as number);
    }
  }
  writeHeader(file, drawn);
  return { file, planes: bytes, pixelFormat };

  function writeHeader(file: Buffer, drawn: DrawnDpx): void {
    const u16 = (value: number, at: number) =>
      bigEndian ? file.writeUInt16BE(value, at) : file.writeUInt16LE(value, at);
    const u32 = (value: number, at: number) =>
      bigEndian ? file.writeUInt32BE(value, at) : file.writeUInt32LE(value, at);
    const real = (value: number, at: number) =>
      bigEndian ? file.writeFloatBE(value, at) : file.writeFloatLE(value, at);
    file.write(bigEndian ? 'SDPX' : 'XPDS', 0, 'latin1');
    u32(offset, 4);
    file.write('V2.0\0', 8, 'latin1');
    u32(drawn.fileSize ?? file.length, 16);
    u32(0xffffffff, 660);
    u16(drawn.orientation ?? 0, 768);
    u16(drawn.elements ?? 1, 770);
    u32(width, 772);
    u32(height, 776);
    u32(0, 780);
    file[800] = descriptor;
    file[801] = drawn.transfer ?? 3;
    file[802] = 1;
    file[803] = bits;
    u16(drawn.packing, 804);
    u16(drawn.encoding ?? 0, 806);
    u32(drawn.elementOffset ?? offset, 808);
    u32(drawn.saysRowPadding === false ? 0 : padding, 812);
    u32(0xffffffff, 816);
    file.write('Scanner\0', 1556, 'latin1');
    file.write('Some writer\0', 160, 'latin1');
    if (offset < 2048) return;
    real(drawn.filmRate ?? 23.976, 1724);
    u32(0xffffffff, 1940);
    if (drawn.televisionRate !== undefined) real(drawn.televisionRate, 1940);
    u32(0xffffffff, 1952);
    u32(0xffffffff, 1964);
  }
}

/** How samples lie one after another: bits are put one by one, so that nothing is shared with what is tested. */
function runOf({ bits, packing, bigEndian, lowFirst }: DrawnDpx, single: boolean) {
  const filled = bits === 10 ? packing !== 0 : bits === 12 && packing !== 0;
  const gap = packing === 1 ? (bits === 10 ? 2 : 4) : 0;
  const unit = bits === 8 ? 8 : bits === 16 || (bits === 12 && filled) ? 16 : 32;
  const perUnit = unit < 32 ? 1 : filled ? 3 : null;
  const low = lowFirst ?? (filled ? single : true);
  /** The unit and the bit in it, from the lowest, of bit `b` of sample `i`. */
  const placeOf = (i: number, b: number): [number, number] => {
    if (perUnit === 1) return [i, b + (unit > bits ? gap : 0)];
    if (perUnit === 3) return [Math.floor(i / 3), gap + 10 * (low ? i % 3 : 2 - (i % 3)) + b];
    const bit = i * bits + (low ? b : bits - 1 - b);
    return [Math.floor(bit / 32), low ? bit % 32 : 31 - (bit % 32)];
  };
  return {
    bytes: (count: number) => {
      const units = perUnit === null ? Math.ceil((count * bits) / 32) : Math.ceil(count / perUnit);
      return (units * unit) / 8;
    },
    put(file: Buffer, at: number, i: number, value: number): void {
      for (let b = 0; b < bits; b++) {
        const [index, place] = placeOf(i, b);
        const byte = place >> 3;
        const where = at + index * (unit / 8) + (bigEndian ? unit / 8 - 1 - byte : byte);
        const mask = 1 << (place & 7);
        file[where] = (value >> b) & 1 ? (file[where] as number) | mask : (file[where] as number) & ~mask;
      }
    },
  };
}
