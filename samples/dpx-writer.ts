/** What the header of a sample frame says beside its picture. */
export interface DpxLabels {
  readonly fileName: string;
  /** `YYYY:MM:DD:HH:MM:SS:LTZ`, 23 characters. */
  readonly date: string;
  readonly creator: string;
  readonly project: string;
  readonly copyright: string;
  readonly inputDevice: string;
  /** Film edge code: manufacturer and type two digits each, offset two, prefix six, count four. */
  readonly edgeCode: {
    readonly maker: string;
    readonly type: string;
    readonly offset: string;
    readonly prefix: string;
    readonly count: string;
  };
  readonly slate: string;
  /** Position of the frame in the sequence, from 0, and the sequence's length. */
  readonly position: number;
  readonly length: number;
  readonly framesPerSecond: number;
  /** Hours, minutes, seconds, frames. */
  readonly timecode: readonly [number, number, number, number];
}

const HEADER_BYTES = 2048;
const UNDEFINED = 0xffffffff;
const RGB = 50;
/** SMPTE 268M table 5A/5B: 6 = ITU-R BT.709-4, for both transfer and colorimetric specification. */
const BT709 = 6;
/** Datum packing "filled to 32-bit words, method A": three 10-bit samples from the top, two zero bits at the bottom. */
const FILLED_A = 1;

/**
 * A whole DPX file (SMPTE 268M-2003, version V1.0, big-endian) of 10-bit RGB, filled method A.
 *
 * `codes` is planar R, G, B of 3·width·height samples, 0 … 1023.
 */
export function dpxFile(codes: Uint16Array, width: number, height: number, labels: DpxLabels): Buffer {
  const pixels = width * height;
  if (codes.length !== 3 * pixels) {
    throw new TypeError(`A ${width}×${height} frame has ${3 * pixels} samples; got ${codes.length}.`);
  }
  const words = new Uint32Array(HEADER_BYTES / 4 + pixels);
  for (let i = 0, w = HEADER_BYTES / 4; i < pixels; i++, w++) {
    words[w] =
      ((codes[i] as number) << 22) | ((codes[pixels + i] as number) << 12) | ((codes[2 * pixels + i] as number) << 2);
  }
  const file = Buffer.from(words.buffer);
  // The words are written in the machine's order, which on every platform Node runs on today but s390x is little-endian.
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) file.swap32();
  writeHeader(file, width, height, labels);
  return file;
}

function writeHeader(file: Buffer, width: number, height: number, labels: DpxLabels): void {
  const text = (at: number, length: number, value: string) => file.write(value.slice(0, length - 1), at, 'latin1');
  const code = (at: number, length: number, value: string) =>
    file.write(value.padEnd(length).slice(0, length), at, 'latin1');
  const u32 = (at: number, value: number) => file.writeUInt32BE(value, at);
  const f32 = (at: number, value: number) => file.writeFloatBE(value, at);

  // File information, 768 bytes.
  code(0, 4, 'SDPX');
  u32(4, HEADER_BYTES);
  text(8, 8, 'V1.0');
  u32(16, file.length);
  u32(20, 1);
  u32(24, 1664);
  u32(28, 384);
  u32(32, 0);
  text(36, 100, labels.fileName);
  text(136, 24, labels.date);
  text(160, 100, labels.creator);
  text(260, 200, labels.project);
  text(460, 200, labels.copyright);
  u32(660, UNDEFINED);

  // Image information, 640 bytes: one element.
  file.writeUInt16BE(0, 768);
  file.writeUInt16BE(1, 770);
  u32(772, width);
  u32(776, height);
  u32(780, 0);
  u32(784, 0);
  f32(788, 0);
  u32(792, 1023);
  f32(796, 1);
  file.writeUInt8(RGB, 800);
  file.writeUInt8(BT709, 801);
  file.writeUInt8(BT709, 802);
  file.writeUInt8(10, 803);
  file.writeUInt16BE(FILLED_A, 804);
  file.writeUInt16BE(0, 806);
  u32(808, HEADER_BYTES);
  u32(812, 0);
  u32(816, 0);
  text(820, 32, 'RGB 10 bit');

  // Image orientation, 256 bytes.
  u32(1408, 0);
  u32(1412, 0);
  f32(1416, width / 2);
  f32(1420, height / 2);
  u32(1424, width);
  u32(1428, height);
  text(1432, 100, labels.fileName);
  text(1532, 24, labels.date);
  text(1556, 32, labels.inputDevice);
  text(1588, 32, 'RM-0001');
  u32(1628, 1);
  u32(1632, 1);

  // Motion-picture film, 256 bytes.
  code(1664, 2, labels.edgeCode.maker);
  code(1666, 2, labels.edgeCode.type);
  code(1668, 2, labels.edgeCode.offset);
  code(1670, 6, labels.edgeCode.prefix);
  code(1676, 4, labels.edgeCode.count);
  text(1680, 32, '35mm 4-perf');
  u32(1712, labels.position);
  u32(1716, labels.length);
  u32(1720, 1);
  f32(1724, labels.framesPerSecond);
  f32(1728, 180);
  text(1732, 32, `frame ${labels.position}`);
  text(1764, 100, labels.slate);

  // Television, 128 bytes. The time code is eight BCD digits.
  labels.timecode.forEach((value, k) => {
    file.writeUInt8(bcd(value), 1920 + k);
  });
  u32(1924, 0);
  f32(1940, labels.framesPerSecond);
  f32(1948, 2.2);
}

function bcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}
