import { type ChunkLayout, sampleBytes } from './exr-chunk.ts';
import { packHuffman, unpackHuffman } from './exr-huffman.ts';
import { decodeWavelet, encodeWavelet } from './exr-wavelet.ts';

/** A bit for each of the 65,536 values that a chunk may have; value 0 is always there and has none. */
const BITMAP = 8192;
/** Bytes. OpenEXR counts the codes' bits by a number of 31 bits, and codes take 17 bits at most, on average, for 16. */
const LARGEST_PACKED = 2 ** 27;

/**
 * Unpacks PIZ (OpenEXR, `ImfPizCompressor.cpp`): of 16-bit halves of samples, those that occur are numbered, each channel's numbers go
 * through a wavelet, and all through Huffman's codes.
 */
export function unpackPiz(packed: Buffer, layout: ChunkLayout): Buffer {
  if (packed.length < 8) throw new RangeError('it is too short');
  const [least, most] = [packed.readUInt16LE(0), packed.readUInt16LE(2)];
  const bitmap = Buffer.alloc(BITMAP);
  let from = 4;
  if (most >= BITMAP) throw new RangeError('its list of values is damaged');
  if (least <= most) {
    packed.copy(bitmap, least, from, from + most - least + 1);
    from += most - least + 1;
  }
  const values = valuesIn(bitmap);
  if (from + 4 > packed.length) throw new RangeError('it is too short');
  const length = packed.readUInt32LE(from);
  from += 4;
  if (from + length > packed.length) throw new RangeError('it is too short');
  const numbers = unpackHuffman(packed.subarray(from, from + length), layout.bytes / 2);
  for (const grid of gridsOf(layout, numbers)) decodeWavelet(grid, values.length - 1);
  const raw = Buffer.allocUnsafe(layout.bytes);
  eachLine(layout, (line, at, count) => {
    for (let k = 0; k < count; k++) raw.writeUInt16LE(values[numbers[at + k] as number] ?? 0, line + k * 2);
  });
  return raw;
}

/** The inverse of `unpackPiz`; null for a chunk that may need more bits than its codes can count. */
export function packPiz(raw: Buffer, layout: ChunkLayout): Buffer | null {
  if (raw.length > LARGEST_PACKED) return null;
  const numbers = new Uint16Array(layout.bytes / 2);
  const bitmap = Buffer.alloc(BITMAP);
  eachLine(layout, (line, at, count) => {
    for (let k = 0; k < count; k++) {
      const value = raw.readUInt16LE(line + k * 2);
      numbers[at + k] = value;
      bitmap[value >> 3] = (bitmap[value >> 3] as number) | (1 << (value & 7));
    }
  });
  bitmap[0] = (bitmap[0] as number) & ~1;
  const values = valuesIn(bitmap);
  const numberOf = new Uint16Array(65536);
  values.forEach((value, number) => {
    numberOf[value] = number;
  });
  for (let k = 0; k < numbers.length; k++) numbers[k] = numberOf[numbers[k] as number] as number;
  for (const grid of gridsOf(layout, numbers)) encodeWavelet(grid, values.length - 1);
  const least = bitmap.findIndex((byte) => byte !== 0);
  const most = bitmap.findLastIndex((byte) => byte !== 0);
  const listed = least < 0 ? Buffer.alloc(0) : bitmap.subarray(least, most + 1);
  const codes = packHuffman(numbers);
  const head = Buffer.alloc(4);
  // Without a value but 0 the list is empty, which a least above the most says.
  head.writeUInt16LE(least < 0 ? BITMAP - 1 : least, 0);
  head.writeUInt16LE(least < 0 ? 0 : most, 2);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(codes.length);
  return Buffer.concat([head, listed, length, codes]);
}

function valuesIn(bitmap: Buffer): Uint16Array {
  const values = [0];
  for (let value = 1; value < 65536; value++) {
    if ((bitmap[value >> 3] as number) & (1 << (value & 7))) values.push(value);
  }
  return Uint16Array.from(values);
}

/** A channel's samples stand together; of 32-bit samples the two halves have a wavelet each. */
function gridsOf({ channels }: ChunkLayout, values: Uint16Array) {
  let from = 0;
  return channels.flatMap(({ channel, width, height }) => {
    const size = sampleBytes(channel) / 2;
    const start = from;
    from += width * height * size;
    return Array.from({ length: size }, (_, half) => ({
      ...{ values, from: start + half, width, height, x: size, y: width * size },
    }));
  });
}

/** Calls back for each line of each channel with its place in the lines, its place among the channels, and its count of 16-bit values. */
function eachLine({ channels }: ChunkLayout, each: (line: number, at: number, count: number) => void): void {
  let at = 0;
  for (const { channel, width, lines } of channels) {
    const count = (width * sampleBytes(channel)) / 2;
    for (const line of lines) {
      if (line < 0) continue;
      each(line, at, count);
      at += count;
    }
  }
}
