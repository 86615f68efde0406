import { deflateSync, inflateSync } from 'node:zlib';
import type { Random } from '../random.ts';
import {
  chunksOfModel,
  linesOf,
  type ModelChannel,
  type ModelFile,
  type ModelPart,
  type ModelWindow,
} from './exr-model.ts';

const TYPES = ['uint', 'half', 'float'];

/** The bytes of a file, written as the OpenEXR file layout says, and where its parts begin. */
export interface WrittenExr {
  readonly file: Buffer;
  /** Where the first table begins. */
  readonly tablesAt: number;
  /** Where each attribute's value begins, by part and name. */
  readonly attributesAt: readonly ReadonlyMap<string, number>[];
  /** By part, the places of its chunks in the order of its table. */
  readonly places: readonly (readonly number[])[];
}

/** Writes a file; its chunks follow each other as their line orders say, in random order where the random source says so. */
export function writeExr(model: ModelFile, random: Random): WrittenExr {
  const { parts, multiPart, longNames } = model;
  const tiled = !multiPart && parts[0]?.tiles !== null;
  const version = 2 | (tiled ? 0x200 : 0) | (longNames ? 0x400 : 0) | (multiPart ? 0x1000 : 0);
  const pieces: Buffer[] = [uint32(0x01312f76), uint32(version)];
  let at = 8;
  const put = (...bytes: Buffer[]) => {
    for (const one of bytes) {
      pieces.push(one);
      at += one.length;
    }
  };
  const attributesAt = parts.map((part) => {
    const places = new Map<string, number>();
    for (const { name, type, value } of random.shuffled(headerOf(part, multiPart))) {
      put(text(name), text(type), uint32(value.length));
      places.set(name, at);
      put(value);
    }
    put(Buffer.alloc(1));
    return places;
  });
  if (multiPart) put(Buffer.alloc(1));
  const tablesAt = at;
  const stored = parts.flatMap((part, p) => {
    const chunks = chunksOfModel(part).map((chunk, index) => {
      const data = packed(part, linesOf(part, chunk), chunk.window);
      const head = [...(multiPart ? [p] : []), ...chunk.key, data.length].map(int32);
      return { p, index, bytes: Buffer.concat([...head, data]) };
    });
    return part.lineOrder === 0 ? chunks : part.lineOrder === 1 ? chunks.reverse() : random.shuffled(chunks);
  });
  const places = parts.map((): number[] => []);
  let place = tablesAt + stored.length * 8;
  // Chunks of different parts may alternate.
  const mixed = multiPart && random.chance(0.5) ? random.shuffled(stored) : stored;
  for (const { p, index, bytes } of mixed) {
    (places[p] as number[])[index] = place;
    place += bytes.length;
  }
  for (const table of places) for (const entry of table) put(uint32(entry), uint32(0));
  put(...mixed.map(({ bytes }) => bytes));
  return { file: Buffer.concat(pieces), tablesAt, attributesAt, places };
}

function headerOf(part: ModelPart, multiPart: boolean) {
  const { name, compression, lineOrder, data, display, tiles, channels, attributes } = part;
  const one = (attribute: string, type: string, value: Buffer) => ({ name: attribute, type, value });
  return [
    one('channels', 'chlist', Buffer.concat([...channels.map(channelBytes), Buffer.alloc(1)])),
    one('compression', 'compression', Buffer.from([compression])),
    one('dataWindow', 'box2i', windowBytes(data)),
    one('displayWindow', 'box2i', windowBytes(display)),
    one('lineOrder', 'lineOrder', Buffer.from([lineOrder])),
    one('pixelAspectRatio', 'float', Buffer.from([0, 0, 0x80, 0x3f])),
    one('screenWindowCenter', 'v2f', Buffer.alloc(8)),
    one('screenWindowWidth', 'float', Buffer.from([0, 0, 0x80, 0x3f])),
    ...(tiles
      ? [
          one(
            'tiles',
            'tiledesc',
            Buffer.concat([uint32(tiles.width), uint32(tiles.height), Buffer.from([tiles.mode | (tiles.up ? 16 : 0)])]),
          ),
        ]
      : []),
    ...(multiPart || name !== '' ? [one('name', 'string', Buffer.from(name))] : []),
    ...(multiPart
      ? [
          one('type', 'string', Buffer.from(tiles ? 'tiledimage' : 'scanlineimage')),
          one('chunkCount', 'int', int32(chunksOfModel(part).length)),
        ]
      : []),
    ...attributes,
  ];
}

function channelBytes({ name, type, stepX, stepY }: ModelChannel): Buffer {
  return Buffer.concat([text(name), uint32(TYPES.indexOf(type)), Buffer.alloc(4), uint32(stepX), uint32(stepY)]);
}

function windowBytes({ left, top, right, bottom }: ModelWindow): Buffer {
  return Buffer.concat([left, top, right, bottom].map(int32));
}

/** As OpenEXR stores lines: packed, or as they are where that is not longer. Compressions without a case here stay unpacked. */
function packed(part: ModelPart, lines: Buffer, window: ModelWindow): Buffer {
  const bytes =
    part.compression === 1
      ? runs(mixed(lines))
      : part.compression === 2 || part.compression === 3
        ? deflateSync(mixed(lines))
        : part.compression === 5
          ? deflateSync(pxr24(part, lines, window))
          : lines;
  return bytes.length < lines.length ? bytes : lines;
}

/** The lines of a stored chunk of those compressions; PIZ never shortens what is so small. */
export function unpackedLines(part: ModelPart, stored: Buffer, lines: Buffer, window: ModelWindow): Buffer {
  if (stored.length === lines.length || part.compression === 0) return stored;
  if (part.compression === 4) throw new Error('A chunk of PIZ was shortened: read it with another reader.');
  if (part.compression === 5) {
    // Compared as planes: those of the expected lines must be the same.
    return inflateSync(stored).equals(pxr24(part, lines, window)) ? lines : Buffer.alloc(0);
  }
  const bytes = part.compression === 1 ? unrun(stored) : inflateSync(stored);
  for (let k = 1; k < bytes.length; k++) bytes[k] = (bytes[k] as number) + (bytes[k - 1] as number) - 128;
  const half = Math.ceil(bytes.length / 2);
  return Buffer.from(bytes.map((_, k) => bytes[k % 2 === 0 ? k / 2 : half + (k - 1) / 2] as number));
}

/** Even bytes, then odd ones, and of all the difference from the one before. */
function mixed(lines: Buffer): Buffer {
  const apart = [...lines.filter((_, k) => k % 2 === 0), ...lines.filter((_, k) => k % 2 === 1)];
  return Buffer.from(apart.map((byte, k) => (k === 0 ? byte : byte - (apart[k - 1] as number) + 128) & 255));
}

function runs(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let k = 0; k < bytes.length; ) {
    let same = 1;
    while (same < 128 && bytes[k + same] === bytes[k]) same += 1;
    // A byte alone is a literal of one, which is as valid as a longer one.
    if (same === 1) out.push(255, bytes[k] as number);
    else out.push(same - 1, bytes[k] as number);
    k += same;
  }
  return Buffer.from(out);
}

function unrun(bytes: Buffer): Buffer {
  const out: number[] = [];
  for (let k = 0; k < bytes.length; ) {
    const count = bytes.readInt8(k++);
    if (count < 0) {
      out.push(...bytes.subarray(k, k - count));
      k -= count;
    } else {
      for (let again = 0; again <= count; again++) out.push(bytes[k] as number);
      k += 1;
    }
  }
  return Buffer.from(out);
}

/** Differences of neighbours in a line, a plane a byte, high bytes first; of floats without the lowest. */
function pxr24({ channels }: ModelPart, lines: Buffer, { left, top, right, bottom }: ModelWindow): Buffer {
  const planes: number[] = [];
  let at = 0;
  for (let y = top; y <= bottom; y++) {
    for (const { type, stepX, stepY } of channels) {
      if (y % stepY !== 0) continue;
      const bytes = type === 'half' ? 2 : 4;
      const steps: number[] = [];
      let before = 0;
      for (let x = left; x <= right; x++) {
        if (x % stepX !== 0) continue;
        const value = bytes === 2 ? lines.readUInt16LE(at) : lines.readUInt32LE(at);
        steps.push(value - before);
        before = value;
        at += bytes;
      }
      for (let byte = bytes - 1; byte >= (type === 'float' ? 1 : 0); byte--) {
        planes.push(...steps.map((step) => Math.floor(step / 2 ** (8 * byte)) & 255));
      }
    }
  }
  return Buffer.from(planes);
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
