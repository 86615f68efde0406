import { type Rational, toNumber } from '../../../film/rational.ts';
import type { CodePicture } from '../code-picture.ts';
import { CINEON_DENSITY, type DpxColourCodes } from './dpx-colour.ts';

/** What the header of a DPX file says beside its picture. */
export interface DpxFacts extends DpxColourCodes {
  readonly fileName: string;
  readonly creator: string;
  readonly project: string;
  /** Name of what the picture was made of. */
  readonly source: string;
  /** Place of the frame in its sequence, from 0, and the sequence's length. */
  readonly position: number;
  readonly length: number;
  readonly rate: Rational;
  /** `HH:MM:SS:FF`, or `HH:MM:SS;FF`, of which the header keeps the digits. */
  readonly timecode?: string | undefined;
  /** Width of a pixel over its height. Default: 1. */
  readonly pixelAspect?: Rational | undefined;
  /** True where the frame's rows are of two fields in turn. */
  readonly interlaced?: boolean;
  /** `YYYY:MM:DD:HH:MM:SS:LTZ`, 23 characters; left out where the same input is to make the same bytes. */
  readonly date?: string;
  readonly copyright?: string;
  readonly inputDevice?: string;
  readonly edgeCode?: DpxEdgeCode;
  readonly slate?: string;
}

/** Film edge code: manufacturer and type two digits each, offset two, prefix six, count four. */
interface DpxEdgeCode {
  readonly maker: string;
  readonly type: string;
  readonly offset: string;
  readonly prefix: string;
  readonly count: string;
}

export const DPX_HEADER_BYTES = 2048;
const GENERIC_BYTES = 1664;
/** Numbers that are not stated have all bits set, texts none. */
const UNDEFINED = 0xffffffff;
/** Descriptors by the count of planes. */
const DESCRIPTORS: Readonly<Record<number, readonly [code: number, name: string]>> = {
  1: [6, 'Luma'],
  3: [50, 'RGB'],
  4: [51, 'RGBA'],
};
const FILLED_A = 1;

/** The header of a file of one image element: offsets are those of SMPTE ST 268-1 tables 1 to 6. */
export function dpxHeaderBytes(picture: CodePicture, fileSize: number, facts: DpxFacts): Buffer {
  const header = Buffer.alloc(DPX_HEADER_BYTES);
  const put = fieldsIn(header);
  putFile(put, fileSize, facts);
  putPicture(put, picture, facts);
  putSource(put, picture, facts);
  putFilm(put, facts);
  putTelevision(put, picture, facts);
  return header;
}

type Fields = ReturnType<typeof fieldsIn>;

function fieldsIn(header: Buffer) {
  return {
    /** Ends with a null inside its field. */
    text: (at: number, length: number, value = '') => header.write(value.slice(0, length - 1), at, 'latin1'),
    /** Fills its field. */
    code: (at: number, length: number, value: string) =>
      header.write(value.padEnd(length).slice(0, length), at, 'latin1'),
    u8: (at: number, value: number) => header.writeUInt8(value, at),
    u16: (at: number, value: number) => header.writeUInt16BE(value, at),
    u32: (at: number, value: number) => header.writeUInt32BE(value, at),
    f32: (at: number, value: number) => header.writeFloatBE(value, at),
    undefined: (from: number, end: number) => header.fill(0xff, from, end),
  };
}

function putFile({ text, code, u32 }: Fields, fileSize: number, facts: DpxFacts): void {
  code(0, 4, 'SDPX');
  u32(4, DPX_HEADER_BYTES);
  text(8, 8, 'V2.0');
  u32(16, fileSize);
  // Ditto key: this frame's header is not that of the frame before it.
  u32(20, 1);
  u32(24, GENERIC_BYTES);
  u32(28, DPX_HEADER_BYTES - GENERIC_BYTES);
  u32(32, 0);
  text(36, 100, facts.fileName);
  text(136, 24, facts.date);
  text(160, 100, facts.creator);
  text(260, 200, facts.project);
  text(460, 200, facts.copyright);
  // Not encrypted.
  u32(660, UNDEFINED);
}

function putPicture(
  { text, u8, u16, u32, f32 }: Fields,
  { width, height, bits, planes }: CodePicture,
  facts: DpxFacts,
): void {
  const [descriptor, name] = DESCRIPTORS[planes.length] as readonly [number, string];
  // Left to right, top to bottom; one element.
  u16(768, 0);
  u16(770, 1);
  u32(772, width);
  u32(776, height);
  // Unsigned codes, and what the least and the largest stand for: density of film, else shares of white.
  u32(780, 0);
  u32(784, 0);
  f32(788, 0);
  u32(792, 2 ** bits - 1);
  f32(796, facts.transferCode === CINEON_DENSITY.code ? CINEON_DENSITY.range : 1);
  u8(800, descriptor);
  u8(801, facts.transferCode);
  u8(802, facts.colorimetricCode);
  u8(803, bits);
  u16(804, bits === 10 || bits === 12 ? FILLED_A : 0);
  // Not run-length encoded.
  u16(806, 0);
  u32(808, DPX_HEADER_BYTES);
  u32(812, 0);
  u32(816, 0);
  text(820, 32, `${name} ${bits} bit`);
}

function putSource({ text, u16, u32, f32, ...put }: Fields, { width, height }: CodePicture, facts: DpxFacts): void {
  u32(1408, 0);
  u32(1412, 0);
  f32(1416, width / 2);
  f32(1420, height / 2);
  u32(1424, width);
  u32(1428, height);
  text(1432, 100, facts.source);
  text(1556, 32, facts.inputDevice);
  // Nothing was cut off at the borders.
  for (const border of [1620, 1622, 1624, 1626]) u16(border, 0);
  u32(1628, facts.pixelAspect?.num ?? 1);
  u32(1632, facts.pixelAspect?.den ?? 1);
  // The scanned size.
  put.undefined(1636, 1644);
}

function putFilm({ text, code, u32, f32 }: Fields, facts: DpxFacts): void {
  const { edgeCode } = facts;
  if (edgeCode) {
    code(1664, 2, edgeCode.maker);
    code(1666, 2, edgeCode.type);
    code(1668, 2, edgeCode.offset);
    code(1670, 6, edgeCode.prefix);
    code(1676, 4, edgeCode.count);
  }
  u32(1712, facts.position);
  u32(1716, facts.length);
  // Each frame once.
  u32(1720, 1);
  f32(1724, toNumber(facts.rate));
  // The shutter's angle.
  u32(1728, UNDEFINED);
  text(1764, 100, facts.slate);
}

function putTelevision({ u8, u32, f32, ...put }: Fields, { bits }: CodePicture, facts: DpxFacts): void {
  put.undefined(1920, 1972);
  const digits = facts.timecode === undefined ? null : timecodeDigits(facts.timecode);
  if (digits !== null) {
    u32(1920, digits);
    u32(1924, 0);
  }
  u8(1928, facts.interlaced ? 1 : 0);
  f32(1940, toNumber(facts.rate));
  // Codes of black and white, by which readers know the range.
  f32(1952, 0);
  f32(1964, 2 ** bits - 1);
}

/** Eight decimal digits, four bits each; null where the label has others. */
function timecodeDigits(label: string): number | null {
  const match = /^(\d\d):(\d\d):(\d\d)[:;.](\d\d)$/.exec(label.trim());
  return match ? Number.parseInt(match.slice(1).join(''), 16) : null;
}
