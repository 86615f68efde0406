import { fromHalf, toHalf } from '../../../film/half-float.ts';
import { type ChannelLayout, type ChunkLayout, sampleBytes } from './exr-chunk.ts';

/** Blocks of one value are stored in three bytes, others in fourteen. */
const FLAT = 13 << 2;
const LARGEST_HALF = 65504;

/** Unpacks B44 and B44A (OpenEXR, `ImfB44Compressor.cpp`): halves in blocks of 4 × 4, other samples as they are. */
export function unpackB44(packed: Buffer, layout: ChunkLayout): Buffer {
  const raw = Buffer.alloc(layout.bytes);
  let from = 0;
  const take = (bytes: number): Buffer => {
    if (from + bytes > packed.length) throw new RangeError('its blocks are too short');
    from += bytes;
    return packed.subarray(from - bytes, from);
  };
  for (const laid of layout.channels) {
    const lines = [...laid.lines].filter((line) => line >= 0);
    if (laid.channel.type !== 'half') {
      for (const line of lines) take(laid.width * sampleBytes(laid.channel)).copy(raw, line);
      continue;
    }
    unpackHalves(raw, laid, lines, take);
  }
  if (from < packed.length) throw new RangeError('its blocks are too long');
  return raw;
}

function unpackHalves(
  raw: Buffer,
  { channel, width }: ChannelLayout,
  lines: readonly number[],
  take: (bytes: number) => Buffer,
): void {
  const block = new Uint16Array(16);
  for (let y = 0; y < lines.length; y += 4) {
    for (let x = 0; x < width; x += 4) {
      const head = take(3);
      if ((head[2] as number) >= FLAT) block.fill(((head[0] as number) << 8) | (head[1] as number));
      else unpackBlock(Buffer.concat([head, take(11)]), block);
      for (let k = 0; k < 16; k++) {
        const line = lines[y + (k >> 2)];
        if (line === undefined || x + (k & 3) >= width) continue;
        const ordered = block[k] as number;
        const half = ordered & 0x8000 ? ordered & 0x7fff : ~ordered & 0xffff;
        raw.writeUInt16LE(channel.logarithmic ? exponential(half) : half, line + (x + (k & 3)) * 2);
      }
    }
  }
}

/** The first sample, and then six bits of difference a sample: down the first column, then from each column to the next. */
function unpackBlock(bytes: Buffer, block: Uint16Array): void {
  const shift = (bytes[2] as number) >> 2;
  const bias = 0x20 << shift;
  block[0] = bytes.readUInt16BE(0);
  // Six bits each, behind the first sample and the shift.
  const bitsFrom = 22;
  const difference = (k: number) => {
    const bit = bitsFrom + k * 6;
    const pair = ((bytes[bit >> 3] as number) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    return (((pair >> (10 - (bit & 7))) & 0x3f) << shift) - bias;
  };
  for (let y = 1; y < 4; y++) block[y * 4] = (block[y * 4 - 4] as number) + difference(y - 1);
  for (let x = 1; x < 4; x++) {
    for (let y = 0; y < 4; y++) {
      block[y * 4 + x] = (block[y * 4 + x - 1] as number) + difference(3 + (x - 1) * 4 + y);
    }
  }
}

function exponential(half: number): number {
  const value = fromHalf(half);
  if (!Number.isFinite(value)) return 0;
  return value >= 8 * Math.log(LARGEST_HALF) ? toHalf(LARGEST_HALF) : toHalf(Math.fround(Math.exp(value / 8)));
}
