import type { Chromaticities } from '../../../film/chromaticities.ts';
import type { Rational } from '../../../film/rational.ts';
import { NAME_LENGTHS } from './exr-attributes.ts';
import { COMPRESSIONS, type ExrChannel, type ExrWindow, SAMPLE_TYPES } from './exr-part.ts';

/** What the header of an OpenEXR file says of its picture. */
export interface ExrFacts {
  /** Pixels that have samples. */
  readonly data: ExrWindow;
  /** The frame. */
  readonly display: ExrWindow;
  readonly compression: 'none' | 'ZIP';
  /** Width of a pixel by its height. Default: 1. */
  readonly pixelAspect?: number;
  /** `HH:MM:SS:FF`, or `HH:MM:SS;FF` with dropped frame numbers. Not written where it cannot be read, or its frame is above 39: the format has no room for it. */
  readonly timecode?: string;
  readonly rate?: Rational;
  readonly chromaticities?: Chromaticities;
  /** Strings by the names of their attributes: standard ones such as `owner` and `comments`, or others. */
  readonly texts?: Readonly<Record<string, string>>;
}

const MAGIC = 0x01312f76;
const VERSION = 2;
const LONG_NAMES = 0x400;

interface NamedValue {
  readonly name: string;
  readonly type: string;
  readonly value: Buffer;
}

/**
 * The first bytes of a file of one part in scan lines, up to the table of its chunks (openexr.com, *OpenEXR File Layout*).
 *
 * @param channels in file order
 * @throws RangeError for names that are empty or too long, or given twice
 */
export function exrHeaderBytes(facts: ExrFacts, channels: readonly ExrChannel[]): Buffer {
  const attributes = [...ownAttributes(facts, channels), ...textAttributes(facts)];
  checkNames(attributes);
  checkNames(channels);
  const long = [...attributes, ...channels].some(({ name }) => Buffer.byteLength(name) > NAME_LENGTHS.short);
  return Buffer.concat([
    uint32(MAGIC),
    uint32(VERSION | (long ? LONG_NAMES : 0)),
    ...attributes.flatMap(({ name, type, value }) => [text(name), text(type), uint32(value.length), value]),
    Buffer.alloc(1),
  ]);
}

function ownAttributes(facts: ExrFacts, channels: readonly ExrChannel[]): NamedValue[] {
  const { compression, data, display, pixelAspect = 1, timecode, rate, chromaticities } = facts;
  const packed = timecode === undefined ? null : timecodeWord(timecode);
  return [
    { name: 'channels', type: 'chlist', value: Buffer.concat([...channels.map(channelBytes), Buffer.alloc(1)]) },
    ...(chromaticities ? [chromaticitiesAttribute(chromaticities)] : []),
    { name: 'compression', type: 'compression', value: Buffer.from([COMPRESSIONS.indexOf(compression)]) },
    { name: 'dataWindow', type: 'box2i', value: windowBytes(data) },
    { name: 'displayWindow', type: 'box2i', value: windowBytes(display) },
    ...(rate
      ? [{ name: 'framesPerSecond', type: 'rational', value: Buffer.concat([int32(rate.num), uint32(rate.den)]) }]
      : []),
    // Increasing: the first line first.
    { name: 'lineOrder', type: 'lineOrder', value: Buffer.alloc(1) },
    { name: 'pixelAspectRatio', type: 'float', value: floats(pixelAspect) },
    { name: 'screenWindowCenter', type: 'v2f', value: floats(0, 0) },
    { name: 'screenWindowWidth', type: 'float', value: floats(1) },
    ...(packed === null
      ? []
      : [{ name: 'timeCode', type: 'timecode', value: Buffer.concat([uint32(packed), uint32(0)]) }]),
  ];
}

function chromaticitiesAttribute({ red, green, blue, white }: Chromaticities): NamedValue {
  return { name: 'chromaticities', type: 'chromaticities', value: floats(...red, ...green, ...blue, ...white) };
}

/** In the order of their names, so that the same facts make the same bytes. */
function textAttributes({ texts = {} }: ExrFacts): NamedValue[] {
  return Object.entries(texts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, type: 'string', value: Buffer.from(value) }));
}

function checkNames(named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  for (const [k, name] of names.entries()) {
    const length = Buffer.byteLength(name);
    if (length === 0 || length > NAME_LENGTHS.long || name.includes('\0')) {
      throw new RangeError(
        `"${name}" cannot name what is in an EXR file: 1 to ${NAME_LENGTHS.long} bytes were expected.`,
      );
    }
    if (names.indexOf(name) !== k) throw new RangeError(`"${name}" is given twice for an EXR file.`);
  }
}

/** Digits as in SMPTE ST 12-1, four bits each from the frame's units on; null where the label has no room there. */
function timecodeWord(label: string): number | null {
  const match = /^(\d\d):([0-5]\d):([0-5]\d)([:;.])([0-3]\d)$/.exec(label.trim());
  if (!match) return null;
  const [, hours, minutes, seconds, separator, frame] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const digits = Number.parseInt(`${hours}${minutes}${seconds}${frame}`, 16);
  const DROPPED = 1 << 6;
  return separator === ':' ? digits : digits | DROPPED;
}

function channelBytes({ name, type, stepX, stepY }: ExrChannel): Buffer {
  return Buffer.concat([text(name), uint32(SAMPLE_TYPES.indexOf(type)), Buffer.alloc(4), uint32(stepX), uint32(stepY)]);
}

/** Edges are inclusive in the file. */
function windowBytes({ left, top, width, height }: ExrWindow): Buffer {
  return Buffer.concat([left, top, left + width - 1, top + height - 1].map(int32));
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function floats(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, k) => {
    bytes.writeFloatLE(value, k * 4);
  });
  return bytes;
}
