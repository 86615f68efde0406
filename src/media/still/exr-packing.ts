import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';

const NONE = 0;
const RLE = 1;
/** ZIP of one line (2) and of sixteen (3). */
const ZIP = new Set([2, 3]);
/** Of a noisy half-float frame, level 6 saved 1 % more than 4 in half as much time again. */
const LEVEL = 4;

/** True for the compressions whose chunks can be unpacked and packed here. */
export function canUnpackExr(compression: number): boolean {
  return compression === NONE || compression === RLE || ZIP.has(compression);
}

/** The `length` bytes of lines of a chunk's data. A chunk that would not have become smaller was stored as it is. */
export async function unpackExr(compression: number, packed: Buffer, length: number): Promise<Buffer> {
  if (packed.length === length || compression === NONE) return Buffer.from(packed);
  const mixed = compression === RLE ? unpackRuns(packed, length) : await promisify(inflate)(packed);
  if (mixed.length < length) throw new Error(`A chunk unpacks to ${mixed.length} bytes, ${length} were expected.`);
  for (let i = 1; i < length; i++) mixed[i] = (mixed[i - 1] as number) + (mixed[i] as number) - 128;
  const raw = Buffer.allocUnsafe(length);
  const half = (length + 1) >> 1;
  for (let i = 0; i < length; i++) raw[i] = mixed[(i & 1) * half + (i >> 1)] as number;
  return raw;
}

/** The inverse of `unpackExr`: low and high bytes apart, differences of neighbours, then packed. */
export async function packExr(compression: number, raw: Buffer): Promise<Buffer> {
  if (compression === NONE) return raw;
  const { length } = raw;
  const mixed = Buffer.allocUnsafe(length);
  const half = (length + 1) >> 1;
  for (let i = 0; i < length; i++) mixed[(i & 1) * half + (i >> 1)] = raw[i] as number;
  for (let i = length - 1; i > 0; i--) mixed[i] = (mixed[i] as number) - (mixed[i - 1] as number) + 128;
  const packed = compression === RLE ? packRuns(mixed) : await promisify(deflate)(mixed, { level: LEVEL });
  return packed.length < length ? packed : raw;
}

/** Runs as OpenEXR has them: a count below zero is followed by that many bytes, another n by one byte that stands n + 1 times. */
function unpackRuns(packed: Buffer, length: number): Buffer {
  const raw = Buffer.alloc(length);
  let to = 0;
  for (let from = 0; from < packed.length && to < length; ) {
    const count = packed.readInt8(from++);
    if (count < 0) {
      to += packed.copy(raw, to, from, from - count);
      from -= count;
    } else {
      raw.fill(packed[from++] as number, to, Math.min(to + count + 1, length));
      to += count + 1;
    }
  }
  return raw;
}

function packRuns(raw: Buffer): Buffer {
  const packed = Buffer.allocUnsafe(raw.length + Math.ceil(raw.length / 127) + 1);
  let to = 0;
  for (let from = 0; from < raw.length; ) {
    let end = from + 1;
    while (end < raw.length && end - from < 128 && raw[end] === raw[from]) end++;
    if (end - from >= 3) {
      packed[to++] = end - from - 1;
      packed[to++] = raw[from] as number;
      from = end;
      continue;
    }
    end = from;
    const isRun = (at: number) => at + 2 < raw.length && raw[at] === raw[at + 1] && raw[at] === raw[at + 2];
    while (end < raw.length && end - from < 127 && !isRun(end)) end++;
    packed[to++] = 256 - (end - from);
    to += raw.copy(packed, to, from, end);
    from = end;
  }
  return packed.subarray(0, to);
}
