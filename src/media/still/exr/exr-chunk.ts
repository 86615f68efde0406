import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';
import type { ExrChannel, ExrLevel, ExrPart, ExrWindow } from './exr-part.ts';

/** Pixels that a file holds as one piece: scan lines or a tile, at the edge of the picture as far as it reaches. */
export interface ExrChunk extends ExrWindow {
  /** Place in its part's table. */
  readonly index: number;
  /** What its head says of it: the first line; or column and row of the tile and its level's halvings. */
  readonly key: readonly number[];
}

/** The chunks of one level of a part, in the order of its table. */
export function chunksOf(
  { data, storage, chunkWidth, chunkHeight }: Pick<ExrPart, 'data' | 'storage' | 'chunkWidth' | 'chunkHeight'>,
  level: ExrLevel,
): ExrChunk[] {
  const across = Math.ceil(level.width / chunkWidth);
  const down = Math.ceil(level.height / chunkHeight);
  return Array.from({ length: across * down }, (_, k) => {
    const [column, row] = [k % across, Math.floor(k / across)];
    const top = data.top + row * chunkHeight;
    return {
      index: level.firstChunk + k,
      key: storage === 'tiles' ? [column, row, level.x, level.y] : [top],
      left: data.left + column * chunkWidth,
      top,
      width: Math.min(chunkWidth, level.width - column * chunkWidth),
      height: Math.min(chunkHeight, level.height - row * chunkHeight),
    };
  });
}

/** How the samples of an unpacked chunk lie: line by line, in each line channel by channel. */
export interface ChunkLayout {
  readonly bytes: number;
  readonly channels: readonly ChannelLayout[];
}

export interface ChannelLayout {
  readonly channel: ExrChannel;
  /** Samples in a line and lines with samples. */
  readonly width: number;
  readonly height: number;
  /** Where its samples of each of the chunk's lines begin; −1 for a line without any. */
  readonly lines: Int32Array;
}

export function chunkLayout(channels: readonly ExrChannel[], chunk: ExrWindow): ChunkLayout {
  const laid = channels.map((channel) => ({
    channel,
    width: multiplesIn(chunk.left, chunk.width, channel.stepX),
    height: multiplesIn(chunk.top, chunk.height, channel.stepY),
    lines: new Int32Array(chunk.height).fill(-1),
  }));
  let bytes = 0;
  for (let y = 0; y < chunk.height; y++) {
    for (const { channel, width, lines } of laid) {
      if ((chunk.top + y) % channel.stepY !== 0) continue;
      lines[y] = bytes;
      bytes += width * sampleBytes(channel);
    }
  }
  return { bytes, channels: laid };
}

/** How many of the `count` whole numbers from `from` are multiples of `step`. */
function multiplesIn(from: number, count: number, step: number): number {
  return Math.floor((from + count - 1) / step) - Math.floor((from - 1) / step);
}

export function sampleBytes({ type }: ExrChannel): 2 | 4 {
  return type === 'half' ? 2 : 4;
}

/** Bytes in front of a chunk's data. */
export function headBytes({ storage }: ExrPart, multiPart: boolean): number {
  const sizes = { 'scan lines': 8, tiles: 20, 'deep scan lines': 28, 'deep tiles': 40 };
  return sizes[storage] + (multiPart ? 4 : 0);
}

/** Bytes of data behind such a head. */
export function dataBytes({ storage }: ExrPart, head: Buffer): number {
  if (storage === 'scan lines' || storage === 'tiles') return head.readUInt32LE(head.length - 4);
  // A deep chunk states the length of its counts, of its samples, and of its samples unpacked.
  return Number(head.readBigUInt64LE(head.length - 24) + head.readBigUInt64LE(head.length - 16));
}

/** Where a chunk of a part is read. */
export interface ExrChunkPlace {
  readonly part: ExrPart;
  readonly multiPart: boolean;
  /** Bytes from the file's start. */
  readonly place: number;
}

/** A chunk's data, packed; checks that it is the chunk that the table says. @throws DamagedStill */
export async function readExrChunk(
  source: ByteSource,
  { part, multiPart, place }: ExrChunkPlace,
  { key }: ExrChunk,
): Promise<Buffer> {
  const head = await source.read(place, headBytes(part, multiPart));
  const expected = keyOf(part, multiPart, key);
  if (expected.some((number, k) => head.readInt32LE(k * 4) !== number)) {
    const what = part.storage === 'tiles' ? `tile ${key.slice(0, 2).join(', ')}` : `line ${key[0]}`;
    throw new DamagedStill(
      `is damaged: its table says that ${what} is at byte ${place}, where another chunk or none begins`,
    );
  }
  return source.read(place + head.length, dataBytes(part, head));
}

/** A chunk as it is stored. */
export function framedChunk(
  part: Pick<ExrPart, 'index'>,
  multiPart: boolean,
  key: readonly number[],
  data: Buffer,
): Buffer {
  const numbers = [...keyOf(part, multiPart, key), data.length];
  const head = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, k) => {
    head.writeInt32LE(number, k * 4);
  });
  return Buffer.concat([head, data]);
}

function keyOf(part: Pick<ExrPart, 'index'>, multiPart: boolean, key: readonly number[]): readonly number[] {
  return multiPart ? [part.index, ...key] : key;
}
