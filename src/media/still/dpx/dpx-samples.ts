/** How samples lie in the bytes of a DPX picture (SMPTE ST 268-1 §6.2): the words are of 32 bits, in the file's byte order. */
export interface DpxWords {
  readonly bigEndian: boolean;
  /** Bits of a sample. */
  readonly bits: 8 | 10 | 12 | 16;
  /**
   * `packed`: samples follow each other without gaps, across words. Else 10 bits are three to a word and 12 bits one to 16 bits, with
   * the gap at the low (`A`) or the high (`B`) end. Means nothing for 8 and 16 bits, which leave no gap.
   */
  readonly packing: 'packed' | 'A' | 'B';
  /** True where a word's first sample is in its lowest bits. Means nothing where words hold no parts: 8, 16 and filled 12 bits. */
  readonly lowFirst: boolean;
}

/** Bytes that `count` samples fill from a word's beginning to the last byte or word that one of them touches. */
export function bytesOfSamples({ bits, packing }: DpxWords, count: number): number {
  if (bits === 8) return count;
  if (bits === 16 || (bits === 12 && packing !== 'packed')) return count * 2;
  return bits === 10 && packing !== 'packed' ? Math.ceil(count / 3) * 4 : Math.ceil((count * bits) / 32) * 4;
}

/** Reads the samples `[first, first + out.length)` of the run that begins at byte `at`. */
export function readDpxSamples(bytes: DataView, at: number, first: number, words: DpxWords, out: Uint16Array): void {
  const { bits, packing } = words;
  const little = !words.bigEndian;
  const count = out.length;
  if (bits === 8) {
    for (let i = 0; i < count; i++) out[i] = bytes.getUint8(at + first + i);
  } else if (bits === 16 || (bits === 12 && packing !== 'packed')) {
    const shift = bits === 12 && packing === 'A' ? 4 : 0;
    const mask = bits === 12 ? 0xfff : 0xffff;
    for (let i = 0, place = at + first * 2; i < count; i++, place += 2) {
      out[i] = (bytes.getUint16(place, little) >> shift) & mask;
    }
  } else if (bits === 10 && packing !== 'packed') {
    const { low, step } = thirds(words);
    const before = first % 3;
    for (let i = -before, place = at + ((first - before) / 3) * 4; i < count; i += 3, place += 4) {
      const word = bytes.getUint32(place, little);
      if (i >= 0) out[i] = (word >>> low) & 0x3ff;
      if (i >= -1 && i + 1 < count) out[i + 1] = (word >>> (low + step)) & 0x3ff;
      if (i + 2 < count) out[i + 2] = (word >>> (low + 2 * step)) & 0x3ff;
    }
  } else {
    const mask = (1 << bits) - 1;
    for (let i = 0; i < count; i++) {
      const bit = (first + i) * bits;
      const place = at + Math.floor(bit / 32) * 4;
      const from = bit & 31;
      const word = bytes.getUint32(place, little);
      if (from + bits <= 32) {
        out[i] = (word >>> (words.lowFirst ? from : 32 - bits - from)) & mask;
      } else {
        const next = bytes.getUint32(place + 4, little);
        const over = from + bits - 32;
        out[i] = words.lowFirst
          ? ((word >>> from) | (next << (32 - from))) & mask
          : ((word << over) | (next >>> (32 - over))) & mask;
      }
    }
  }
}

/** Writes samples where `readDpxSamples` reads them, and leaves every other bit alone. */
export function writeDpxSamples(
  bytes: DataView,
  at: number,
  first: number,
  words: DpxWords,
  samples: Uint16Array,
): void {
  const { bits, packing } = words;
  const little = !words.bigEndian;
  const count = samples.length;
  if (bits === 8) {
    for (let i = 0; i < count; i++) bytes.setUint8(at + first + i, samples[i] as number);
  } else if (bits === 16 || (bits === 12 && packing !== 'packed')) {
    const shift = bits === 12 && packing === 'A' ? 4 : 0;
    const gap = bits === 12 ? 0xffff ^ (0xfff << shift) : 0;
    for (let i = 0, place = at + first * 2; i < count; i++, place += 2) {
      bytes.setUint16(place, (bytes.getUint16(place, little) & gap) | ((samples[i] as number) << shift), little);
    }
  } else if (bits === 10 && packing !== 'packed') {
    const { low, step } = thirds(words);
    const before = first % 3;
    const shifts = [low, low + step, low + 2 * step] as const;
    for (let i = -before, place = at + ((first - before) / 3) * 4; i < count; i += 3, place += 4) {
      let word = bytes.getUint32(place, little);
      if (i >= 0) word = withBits(word, shifts[0], 0x3ff, samples[i] as number);
      if (i >= -1 && i + 1 < count) word = withBits(word, shifts[1], 0x3ff, samples[i + 1] as number);
      if (i + 2 < count) word = withBits(word, shifts[2], 0x3ff, samples[i + 2] as number);
      bytes.setUint32(place, word, little);
    }
  } else {
    const mask = (1 << bits) - 1;
    for (let i = 0; i < count; i++) {
      const bit = (first + i) * bits;
      const place = at + Math.floor(bit / 32) * 4;
      const from = bit & 31;
      const over = from + bits - 32;
      const value = (samples[i] as number) & mask;
      if (over <= 0) {
        putBits(bytes, place, little, words.lowFirst ? from : -over, mask, value);
      } else if (words.lowFirst) {
        putBits(bytes, place, little, from, mask >> over, value);
        putBits(bytes, place + 4, little, 0, (1 << over) - 1, value >> (bits - over));
      } else {
        putBits(bytes, place, little, 0, mask >> over, value >> over);
        putBits(bytes, place + 4, little, 32 - over, (1 << over) - 1, value);
      }
    }
  }
}

/** Where the first of a word's three samples begins, and how far it is from one to the next, in bits. */
function thirds({ packing, lowFirst }: DpxWords): { low: number; step: number } {
  const gap = packing === 'A' ? 2 : 0;
  return lowFirst ? { low: gap, step: 10 } : { low: gap + 20, step: -10 };
}

function putBits(bytes: DataView, at: number, little: boolean, shift: number, mask: number, value: number): void {
  bytes.setUint32(at, withBits(bytes.getUint32(at, little), shift, mask, value), little);
}

function withBits(word: number, shift: number, mask: number, value: number): number {
  return (word & ~(mask << shift)) | ((value & mask) << shift);
}
