const CLEAR = 256;
const END = 257;
const FIRST = 258;
/** The table is cleared before it would need codes of 13 bits. */
const FULL = 4094;

/** LZW as TIFF 6.0 §13 has it: codes of 9 … 12 bits, high bit first, one code earlier wider than needed. */
export function packLzw(raw: Buffer): Buffer {
  // A code of 12 bits a byte is the worst case, and a clear code for each full table.
  const packed = Buffer.allocUnsafe(Math.ceil(raw.length * 1.5) + Math.ceil(raw.length / 3000) * 2 + 16);
  let to = 0;
  let pending = 0;
  let pendingBits = 0;
  let width = 9;
  const put = (code: number) => {
    pending = (pending << width) | code;
    pendingBits += width;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      packed[to++] = (pending >>> pendingBits) & 0xff;
    }
    pending &= (1 << pendingBits) - 1;
  };

  const table = new Map<number, number>();
  let next = FIRST;
  put(CLEAR);
  let prefix = -1;
  for (const byte of raw) {
    if (prefix < 0) {
      prefix = byte;
      continue;
    }
    const key = prefix * 256 + byte;
    const known = table.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    put(prefix);
    table.set(key, next++);
    if (next === FULL) {
      put(CLEAR);
      table.clear();
      next = FIRST;
      width = 9;
    } else {
      width = widthOf(next);
    }
    prefix = byte;
  }
  if (prefix >= 0) {
    put(prefix);
    // The reader adds an entry for the last code too, and may widen with it.
    width = widthOf(next + 1);
  }
  put(END);
  if (pendingBits > 0) packed[to++] = (pending << (8 - pendingBits)) & 0xff;
  return packed.subarray(0, to);
}

export function unpackLzw(packed: Buffer, length: number): Buffer {
  const raw = Buffer.allocUnsafe(length);
  // Entry `code` is the bytes [start, start + size) of what was already written.
  const start = new Uint32Array(4096);
  const size = new Uint32Array(4096);
  let to = 0;
  let next = FIRST;
  let width = 9;
  let previous = -1;
  let bits = 0;
  let held = 0;
  for (let from = 0; to < length; ) {
    while (held < width && from < packed.length) {
      bits = ((bits << 8) | (packed[from++] as number)) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST;
      width = 9;
      previous = -1;
      continue;
    }
    const begin = to;
    if (code < CLEAR) raw[to++] = code;
    else if (code < next && previous >= 0) {
      // A string may run into the byte that it is about to write: copied byte by byte, that byte is there in time.
      for (let k = 0; k < (size[code] as number) && to < length; k++)
        raw[to++] = raw[(start[code] as number) + k] as number;
    } else break;
    previous = code;
    if (next < 4096) {
      // The entry is this string and the first byte after it, which the next code will write.
      start[next] = begin;
      size[next] = to - begin + 1;
      next++;
    }
    width = widthOf(next);
  }
  return raw.subarray(0, to);
}

function widthOf(next: number): number {
  return next > 2047 ? 12 : next > 1023 ? 11 : next > 511 ? 10 : 9;
}
