import { type BitReader, type BitWriter, bitReader, bitWriter } from './exr-bits.ts';

/** The codes of PIZ (OpenEXR, `ImfHuf.cpp`): 65,536 values, and one behind the greatest that repeats the value before it. */
const SYMBOLS = 65537;
const LONGEST = 58;
/** In the table of lengths: 59 … 62 are two to five zeros, 63 is followed by eight bits of their count less six. */
const SHORT_ZEROS = 59;
const LONG_ZEROS = 63;
const FEWEST_LONG = 6;
const MOST_LONG = 255 + FEWEST_LONG;
const MOST_REPEATED = 255;
const HEAD = 20;
/** Codes up to this length are looked up at once. */
const QUICK = 12;

/** Values packed by how often they come. */
export function packHuffman(values: Uint16Array): Buffer {
  const counts = new Float64Array(SYMBOLS);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  const first = counts.findIndex((count) => count > 0);
  const repeat = counts.findLastIndex((count) => count > 0) + 1;
  counts[repeat] = 1;
  const lengths = lengthsOf(counts, first, repeat);
  const { codes } = codesOf(lengths, first, repeat);
  const bits = bitWriter(values.length * 4 + 4096);
  bits.skip(HEAD);
  writeLengths(bits, lengths, first, repeat);
  bits.align();
  const table = bits.bytes() - HEAD;
  const put = (symbol: number) => bits.put(codes.get(symbol) as number, lengths[symbol] as number);
  for (let k = 0; k < values.length; ) {
    const value = values[k] as number;
    let count = 1;
    while (count <= MOST_REPEATED && values[k + count] === value) count += 1;
    const length = lengths[value] as number;
    put(value);
    if (length + (lengths[repeat] as number) + 8 < length * count) {
      put(repeat);
      bits.put(count - 1, 8);
    } else {
      for (let again = 1; again < count; again++) put(value);
    }
    k += count;
  }
  const dataBits = (bits.bytes() - HEAD - table) * 8 - bits.spare();
  bits.align();
  const packed = bits.finish();
  [first, repeat, table, dataBits, 0].forEach((number, k) => {
    packed.writeUInt32LE(number, k * 4);
  });
  return packed;
}

/** The inverse. @throws RangeError where the codes do not make up `count` values */
export function unpackHuffman(packed: Buffer, count: number): Uint16Array {
  if (packed.length < HEAD) throw new RangeError('its codes are too short');
  const [first, repeat, dataBits] = [0, 4, 12].map((at) => packed.readUInt32LE(at)) as [number, number, number];
  if (first >= SYMBOLS || repeat >= SYMBOLS) throw new RangeError('its table of codes is damaged');
  const table = bitReader(packed, HEAD, (packed.length - HEAD) * 8);
  const decode = decoderOf(readLengths(table, first, repeat), first, repeat);
  // Readers do not look at the length that the head states for the table.
  const data = Math.ceil(table.place() / 8);
  if (dataBits > (packed.length - data) * 8) throw new RangeError('its codes are too short');
  const bits = bitReader(packed, data, dataBits);
  const values = new Uint16Array(count);
  for (let k = 0; k < count; ) {
    const symbol = decode(bits);
    if (symbol !== repeat) {
      values[k++] = symbol;
      continue;
    }
    const again = bits.take(8);
    if (k === 0 || k + again > count) throw new RangeError('its codes are damaged');
    values.fill(values[k - 1] as number, k, k + again);
    k += again;
  }
  return values;
}

/** Lengths of Huffman's codes by how often symbols come, two at least; 0 for those that do not. */
function lengthsOf(counts: Float64Array, first: number, last: number): Uint8Array {
  const leaves: number[] = [];
  for (let symbol = first; symbol <= last; symbol++) if ((counts[symbol] as number) > 0) leaves.push(symbol);
  leaves.sort((a, b) => (counts[a] as number) - (counts[b] as number));
  // Leaves by rising count, and joined nodes, which come by rising count by themselves.
  const weights = leaves.map((symbol) => counts[symbol] as number);
  const parents: number[] = [];
  let leaf = 0;
  let joint = leaves.length;
  const least = () => {
    const takesLeaf =
      leaf < leaves.length && (joint >= weights.length || (weights[leaf] as number) <= (weights[joint] as number));
    return takesLeaf ? leaf++ : joint++;
  };
  while (weights.length < 2 * leaves.length - 1) {
    const [one, other] = [least(), least()];
    parents[one] = weights.length;
    parents[other] = weights.length;
    weights.push((weights[one] as number) + (weights[other] as number));
  }
  const depths = new Uint8Array(weights.length);
  for (let node = weights.length - 2; node >= 0; node--) {
    depths[node] = (depths[parents[node] as number] as number) + 1;
  }
  const lengths = new Uint8Array(SYMBOLS);
  leaves.forEach((symbol, k) => {
    lengths[symbol] = depths[k] as number;
  });
  return lengths;
}

/** Codes by symbol, and of each length the first code and its symbols: shorter codes are greater numbers. */
function codesOf(lengths: Uint8Array, from: number, to: number) {
  const symbols = Array.from({ length: LONGEST + 1 }, (): number[] => []);
  for (let symbol = from; symbol <= to; symbol++) {
    const length = lengths[symbol] as number;
    if (length > 0) symbols[length]?.push(symbol);
  }
  const first = new Array<number>(LONGEST + 1).fill(0);
  const codes = new Map<number, number>();
  let code = 0;
  for (let length = LONGEST; length > 0; length--) {
    first[length] = code;
    for (const symbol of symbols[length] as number[]) codes.set(symbol, code++);
    code = Math.floor(code / 2);
  }
  return { codes, first, symbols };
}

function decoderOf(lengths: Uint8Array, from: number, to: number): (bits: BitReader) => number {
  const { codes, first, symbols } = codesOf(lengths, from, to);
  const quick = new Int32Array(1 << QUICK).fill(-1);
  for (const [symbol, code] of codes) {
    const spare = QUICK - (lengths[symbol] as number);
    if (spare >= 0) quick.fill(symbol, code * 2 ** spare, (code + 1) * 2 ** spare);
  }
  return (bits) => {
    const symbol = quick[bits.peek(QUICK)] as number;
    if (symbol >= 0) {
      bits.skip(lengths[symbol] as number);
      return symbol;
    }
    let code = bits.take(QUICK);
    for (let length = QUICK + 1; length <= LONGEST; length++) {
      code = code * 2 + bits.take(1);
      const found = symbols[length]?.[code - (first[length] as number)];
      if (found !== undefined) return found;
    }
    throw new RangeError('a code is unknown');
  };
}

function writeLengths(bits: BitWriter, lengths: Uint8Array, first: number, last: number): void {
  for (let symbol = first; symbol <= last; symbol++) {
    let zeros = 0;
    while (zeros < MOST_LONG && symbol + zeros <= last && lengths[symbol + zeros] === 0) zeros += 1;
    if (zeros < 2) {
      bits.put(lengths[symbol] as number, 6);
      continue;
    }
    if (zeros < FEWEST_LONG) bits.put(SHORT_ZEROS + zeros - 2, 6);
    else {
      bits.put(LONG_ZEROS, 6);
      bits.put(zeros - FEWEST_LONG, 8);
    }
    symbol += zeros - 1;
  }
}

function readLengths(bits: BitReader, first: number, last: number): Uint8Array {
  const lengths = new Uint8Array(SYMBOLS);
  for (let symbol = first; symbol <= last; symbol++) {
    const length = bits.take(6);
    if (length < SHORT_ZEROS) lengths[symbol] = length;
    else symbol += (length === LONG_ZEROS ? bits.take(8) + FEWEST_LONG : length - SHORT_ZEROS + 2) - 1;
    if (symbol > last) throw new RangeError('its table of codes is damaged');
  }
  let share = 0;
  for (let symbol = first; symbol <= last; symbol++) {
    const length = lengths[symbol] as number;
    if (length > 0) share += 2 ** -length;
  }
  if (share > 1) throw new RangeError('its table of codes is damaged');
  return lengths;
}
