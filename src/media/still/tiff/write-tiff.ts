import type { Chromaticities } from '../../../film/chromaticities.ts';
import type { Rational } from '../../../film/rational.ts';
import { type CodePicture, checkPlanes } from '../code-picture.ts';

/** What a TIFF file says beside its picture. Texts are of ASCII. */
export interface TiffFacts {
  readonly documentName: string;
  readonly description: string;
  readonly software: string;
  /** Width of a pixel over its height. Default: 1. */
  readonly pixelAspect?: Rational | undefined;
  readonly chromaticities?: Chromaticities | undefined;
}

/** Field types of TIFF 6.0 §2. */
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

const UNASSOCIATED_ALPHA = 2;
const INCH = 2;
/** Pixels an inch across, where a picture has no size of its own. */
const DENSITY = 72;
const HEADER_BYTES = 8;
/** Chromaticities have at most four decimals. */
const DECIMALS = 10_000;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** All values one after another. */
  readonly value: Buffer;
}

/**
 * The bytes of a baseline TIFF file (TIFF 6.0, Adobe 1992) of grey, RGB or RGBA of 8 or 16 bits: little-endian, one strip, pixel after
 * pixel, nothing packed; alpha is unassociated. The same picture and facts make the same bytes.
 *
 * @throws RangeError for codes of 10 or 12 bits
 */
export function writeTiff(picture: CodePicture, facts: TiffFacts): Buffer {
  checkPlanes(picture);
  const { width, height, bits, planes } = picture;
  if (bits !== 8 && bits !== 16) throw new RangeError(`A TIFF file of 8 or 16 bits was expected, got ${bits}.`);
  const strip = width * height * planes.length * (bits / 8);
  const fields = fieldsOf(picture, strip, facts);
  const file = Buffer.alloc(evenly(HEADER_BYTES + strip) + directoryBytes(fields));
  file.write('II', 0, 'latin1');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(evenly(HEADER_BYTES + strip), 4);
  putPixels(file, picture);
  putDirectory(file, evenly(HEADER_BYTES + strip), fields);
  return file;
}

function putPixels(file: Buffer, { bits, planes, width, height }: CodePicture): void {
  const step = planes.length;
  // TIFF's order is this machine's; the strip begins at a whole word.
  const [start, count] = [file.byteOffset + HEADER_BYTES, width * height * step];
  const pixels = bits === 8 ? new Uint8Array(file.buffer, start, count) : new Uint16Array(file.buffer, start, count);
  planes.forEach((plane, k) => {
    for (let i = 0, to = k; to < count; i++, to += step) pixels[to] = plane[i] as number;
  });
}

function fieldsOf({ width, height, bits, planes }: CodePicture, strip: number, facts: TiffFacts): Field[] {
  const { num, den } = facts.pixelAspect ?? { num: 1, den: 1 };
  const { chromaticities: xy } = facts;
  return [
    long(256, width),
    long(257, height),
    shorts(
      258,
      planes.map(() => bits),
    ),
    // Not compressed.
    shorts(259, [1]),
    // Grey whose 0 is black, or RGB.
    shorts(262, [planes.length === 1 ? 1 : 2]),
    ascii(269, facts.documentName),
    ascii(270, facts.description),
    long(273, HEADER_BYTES),
    // The first row at the top, the first column on the left.
    shorts(274, [1]),
    shorts(277, [planes.length]),
    long(278, height),
    long(279, strip),
    // Wide pixels are few an inch.
    rationals(282, [[DENSITY * den, num]]),
    rationals(283, [[DENSITY, 1]]),
    // Pixel after pixel.
    shorts(284, [1]),
    shorts(296, [INCH]),
    ascii(305, facts.software),
    ...(xy
      ? [rationals(318, xy.white.map(decimal)), rationals(319, [...xy.red, ...xy.green, ...xy.blue].map(decimal))]
      : []),
    ...(planes.length === 4 ? [shorts(338, [UNASSOCIATED_ALPHA])] : []),
  ];
}

function decimal(value: number): readonly [number, number] {
  return [Math.round(value * DECIMALS), DECIMALS];
}

function long(tag: number, value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { tag, type: LONG, count: 1, value: bytes };
}

function shorts(tag: number, values: readonly number[]): Field {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, k) => {
    bytes.writeUInt16LE(value, 2 * k);
  });
  return { tag, type: SHORT, count: values.length, value: bytes };
}

function rationals(tag: number, values: readonly (readonly [num: number, den: number])[]): Field {
  const bytes = Buffer.alloc(8 * values.length);
  values.flat().forEach((value, k) => {
    bytes.writeUInt32LE(value, 4 * k);
  });
  return { tag, type: RATIONAL, count: values.length, value: bytes };
}

function ascii(tag: number, text: string): Field {
  const value = Buffer.from(`${text.replace(/[^\x20-\x7e]/g, '?')}\0`, 'latin1');
  return { tag, type: ASCII, count: value.length, value };
}

/** Values of up to four bytes are in their entry, others behind the directory at even places. */
function directoryBytes(fields: readonly Field[]): number {
  const behind = fields.reduce((sum, { value }) => sum + (value.length > 4 ? evenly(value.length) : 0), 0);
  return 2 + 12 * fields.length + 4 + behind;
}

function putDirectory(file: Buffer, at: number, fields: readonly Field[]): void {
  file.writeUInt16LE(fields.length, at);
  let behind = at + 2 + 12 * fields.length + 4;
  fields.forEach(({ tag, type, count, value }, k) => {
    const entry = at + 2 + 12 * k;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(type, entry + 2);
    file.writeUInt32LE(count, entry + 4);
    if (value.length <= 4) {
      value.copy(file, entry + 8);
      return;
    }
    file.writeUInt32LE(behind, entry + 8);
    value.copy(file, behind);
    behind += evenly(value.length);
  });
}

function evenly(bytes: number): number {
  return bytes + (bytes % 2);
}
