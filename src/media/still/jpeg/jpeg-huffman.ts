/** A Huffman table of JPEG (ITU-T T.81 annex C): how many codes there are of each length, and what they stand for. */
export interface HuffmanTable {
  /** Codes of 1 … 16 bits. */
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
  /** By symbol: code and length in bits, 0 where the table has no code for it. */
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
  /** By the next 16 bits of the stream: symbol · 32 + length, 0 where no code begins so. */
  readonly lookup: Uint16Array;
}

function huffmanTable(counts: readonly number[], symbols: readonly number[]): HuffmanTable {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  const lookup = new Uint16Array(1 << 16);
  let code = 0;
  let at = 0;
  counts.forEach((count, k) => {
    const length = k + 1;
    for (let i = 0; i < count; i++, code++) {
      const symbol = symbols[at++] as number;
      codes[symbol] = code;
      lengths[symbol] = length;
      lookup.fill(symbol * 32 + length, code << (16 - length), (code + 1) << (16 - length));
    }
    code *= 2;
  });
  return { counts, symbols, codes, lengths, lookup };
}

/** The tables of one DHT segment, by class · 16 + id as they are stored. */
export function readTables(segment: Buffer): Map<number, HuffmanTable> {
  const tables = new Map<number, HuffmanTable>();
  for (let at = 0; at + 17 <= segment.length; ) {
    const name = segment[at] as number;
    const counts = [...segment.subarray(at + 1, at + 17)];
    const total = counts.reduce((sum, count) => sum + count, 0);
    tables.set(name, huffmanTable(counts, [...segment.subarray(at + 17, at + 17 + total)]));
    at += 17 + total;
  }
  return tables;
}

/** A whole DHT segment, with its marker, for one table. */
export function writeTable(name: number, { counts, symbols }: HuffmanTable): Buffer {
  const length = 2 + 17 + symbols.length;
  return Buffer.from([0xff, 0xc4, length >> 8, length & 255, name, ...counts, ...symbols]);
}

/** The table that codes symbols of these frequencies in the fewest bits, of at most 16 a code (ITU-T T.81 annex K.2). */
export function optimalTable(frequencies: Uint32Array): HuffmanTable {
  // One code more than there are symbols, so that no code consists of ones only.
  const weight = [...frequencies, 1];
  const size = new Uint32Array(257);
  const chain = new Int32Array(257).fill(-1);
  for (;;) {
    const rarest = leastOf(weight, -1);
    const second = leastOf(weight, rarest);
    if (second < 0) break;
    weight[rarest] = (weight[rarest] as number) + (weight[second] as number);
    weight[second] = 0;
    let tail = rarest;
    for (;;) {
      size[tail] = (size[tail] as number) + 1;
      if ((chain[tail] as number) < 0) break;
      tail = chain[tail] as number;
    }
    chain[tail] = second;
    for (let k = second; k >= 0; k = chain[k] as number) size[k] = (size[k] as number) + 1;
  }
  const counts = new Array<number>(258).fill(0);
  for (const length of size) if (length > 0) counts[length] = (counts[length] as number) + 1;
  shorten(counts);
  const symbols = [...frequencies.keys()].filter((symbol) => (frequencies[symbol] as number) > 0);
  symbols.sort((a, b) => (size[a] as number) - (size[b] as number) || a - b);
  return huffmanTable(counts.slice(1, 17), symbols);
}

function leastOf(weight: readonly number[], except: number): number {
  let least = -1;
  weight.forEach((value, k) => {
    if (value > 0 && k !== except && (least < 0 || value <= (weight[least] as number))) least = k;
  });
  return least;
}

/** Brings all codes to 16 bits and takes the reserved one of ones away (figure K.3 and K.4). */
function shorten(counts: number[]): void {
  const add = (length: number, count: number) => {
    counts[length] = (counts[length] as number) + count;
  };
  for (let length = counts.length - 1; length > 16; length--) {
    while ((counts[length] as number) > 0) {
      let shorter = length - 2;
      while (counts[shorter] === 0) shorter--;
      add(length, -2);
      add(length - 1, 1);
      add(shorter + 1, 2);
      add(shorter, -1);
    }
  }
  let longest = 16;
  while (counts[longest] === 0) longest--;
  add(longest, -1);
}
