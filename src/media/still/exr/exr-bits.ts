/** Bits written one after another, the highest of a byte first. */
export interface BitWriter {
  put(value: number, count: number): void;
  skip(bytes: number): void;
  /** Fills the byte that was begun with zeros. */
  align(): void;
  bytes(): number;
  /** Bits of the last byte that are not used. */
  spare(): number;
  finish(): Buffer;
}

export function bitWriter(capacity: number): BitWriter {
  let out = Buffer.alloc(capacity);
  let at = 0;
  const writer: BitWriter = {
    put(value, count) {
      if ((at >> 3) + 16 > out.length) out = Buffer.concat([out, Buffer.alloc(out.length)]);
      for (let left = count; left > 0; ) {
        const room = 8 - (at & 7);
        const taken = Math.min(room, left);
        const piece = Math.floor(value / 2 ** (left - taken)) % 2 ** taken;
        out[at >> 3] = (out[at >> 3] as number) | (piece << (room - taken));
        at += taken;
        left -= taken;
      }
    },
    skip(bytes) {
      at += bytes * 8;
    },
    align() {
      at = (at + 7) & ~7;
    },
    bytes: () => (at + 7) >> 3,
    spare: () => (8 - (at & 7)) & 7,
    finish: () => out.subarray(0, (at + 7) >> 3),
  };
  return writer;
}

/** Bits read in the same order. */
export interface BitReader {
  /** Up to 16 bits; behind the end zeros. */
  peek(count: number): number;
  /** @throws RangeError behind the end */
  skip(count: number): void;
  take(count: number): number;
  /** The next bit, from the start of the bytes. */
  place(): number;
}

export function bitReader(bytes: Buffer, from: number, bits: number): BitReader {
  let at = from * 8;
  const end = at + bits;
  const peek = (count: number) => {
    const byte = at >>> 3;
    const word = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
    return (word >>> (24 - (at & 7) - count)) & ((1 << count) - 1);
  };
  const skip = (count: number) => {
    at += count;
    if (at > end) throw new RangeError('its codes are too short');
  };
  return {
    peek,
    skip,
    place: () => at,
    take(count) {
      const value = peek(count);
      skip(count);
      return value;
    },
  };
}
