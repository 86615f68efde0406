import { fromHalf, toHalf } from '../../../film/half-float.ts';
import { inverseDct, ZIGZAG } from '../jpeg/jpeg-dct.ts';
import { type ChannelLayout, type ChunkLayout, sampleBytes } from './exr-chunk.ts';
import { type DwaScheme, LEGACY_RULES, readRules, sortChannels } from './exr-dwa-rules.ts';
import { unpackHuffman } from './exr-huffman.ts';
import { unpackRuns } from './exr-runs.ts';
import { inflated, unmixed } from './exr-zip.ts';

/** 64-bit numbers in front: version, seven sizes in bytes, two counts of coefficients, and how those of high frequency are packed. */
const NUMBERS = 11;
/** A run of zeros among coefficients, as long as the low byte; 0 ends the block. */
const RUN = 0xff00;
/** e^2.2: above 1, values are stored as logarithms to this base. */
const BASE = 9.02501329156;

/** Coefficients of 16 bits that are still to be read: of high frequencies, and each block's mean. */
interface Coefficients {
  readonly high: Uint16Array;
  readonly means: Uint16Array;
  nextHigh: number;
  nextMean: number;
}

/**
 * Unpacks DWAA and DWAB (OpenEXR, `ImfDwaCompressor.cpp`): of colours and luminance the quantised cosines of 8 × 8 blocks, alpha as
 * runs, other channels whole. Halves may be a bit off OpenEXR's, which depend on the processor.
 */
export async function unpackDwa(packed: Buffer, layout: ChunkLayout): Promise<Buffer> {
  if (packed.length < NUMBERS * 8) throw new RangeError('it is too short');
  const numbers = Array.from({ length: NUMBERS }, (_, k) => Number(packed.readBigUInt64LE(k * 8)));
  const [version, wholeBytes, ...sizes] = numbers as [number, number, ...number[]];
  const [wholeSize, highSize, meansSize, runsSize, runsBytes, rawBytes, highCount, meanCount, deflates] = sizes as [
    ...[number, number, number, number, number],
    ...[number, number, number, number],
  ];
  if (version > 2 || deflates > 1) throw new RangeError(`version ${version} is unknown`);
  const samples = layout.channels.reduce((sum, { width, height }) => sum + (width + 7) * (height + 7), 0);
  if (Math.max(highCount, meanCount) > samples || Math.max(wholeBytes, rawBytes) > layout.bytes) {
    throw new RangeError('its sizes are damaged');
  }
  let at = NUMBERS * 8;
  const take = (bytes: number): Buffer => {
    if (at + bytes > packed.length) throw new RangeError('it is too short');
    at += bytes;
    return packed.subarray(at - bytes, at);
  };
  const rules = version < 2 ? LEGACY_RULES : readRules(take(Math.max(0, take(2).readUInt16LE() - 2)));
  const whole = await inflatedTo(take(wholeSize), wholeBytes);
  const high = take(highSize);
  const means = take(meansSize);
  const runs = await inflatedTo(take(runsSize), Math.min(runsBytes, 2 * layout.bytes));
  const stored: Coefficients = {
    high:
      deflates === 1
        ? halvesOf(await inflatedTo(high, highCount * 2))
        : highSize > 0
          ? unpackHuffman(high, highCount)
          : new Uint16Array(0),
    means: halvesOf(unmixed(await inflatedTo(means, meanCount * 2))),
    ...{ nextHigh: 0, nextMean: 0 },
  };
  const { schemes, colours } = sortChannels(
    layout.channels.map(({ channel }) => channel),
    rules,
  );
  const raw = Buffer.alloc(layout.bytes);
  const done = new Set<number>();
  for (const set of colours) {
    if (set.some((k) => schemes[k] !== 'cosines')) throw new RangeError('its rules are damaged');
    unpackCosines(
      raw,
      set.map((k) => layout.channels[k] as ChannelLayout),
      stored,
    );
    for (const k of set) done.add(k);
  }
  const planes = { whole, runs: rawBytes > 0 ? unpackRuns(runs, rawBytes) : Buffer.alloc(0) };
  const next = { whole: 0, runs: 0 };
  for (const [k, laid] of layout.channels.entries()) {
    const scheme = schemes[k] as DwaScheme;
    if (done.has(k)) continue;
    if (scheme === 'cosines') {
      unpackCosines(raw, [laid], stored);
      continue;
    }
    const bytes = laid.width * laid.height * sampleBytes(laid.channel);
    const plane = planes[scheme].subarray(next[scheme], next[scheme] + bytes);
    next[scheme] += bytes;
    if (plane.length < bytes) throw new RangeError('it is too short');
    if (scheme === 'whole') copyLines(raw, laid, plane);
    else interleave(raw, laid, plane);
  }
  return raw;
}

async function inflatedTo(packed: Buffer, bytes: number): Promise<Buffer> {
  if (packed.length === 0) return packed;
  const out = await inflated(packed, Math.max(1, bytes));
  if (out.length !== bytes) throw new RangeError(`${bytes} bytes were expected, not ${out.length}`);
  return out;
}

function halvesOf(bytes: Buffer): Uint16Array {
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, k) => bytes.readUInt16LE(k * 2));
}

function copyLines(raw: Buffer, { channel, width, lines }: ChannelLayout, plane: Buffer): void {
  const bytes = width * sampleBytes(channel);
  let at = 0;
  for (const line of lines) {
    if (line < 0) continue;
    plane.copy(raw, line, at, at + bytes);
    at += bytes;
  }
}

/** The first bytes of all samples come first, then the second. */
function interleave(raw: Buffer, { channel, width, height, lines }: ChannelLayout, plane: Buffer): void {
  const bytes = sampleBytes(channel);
  let at = 0;
  for (const line of lines) {
    if (line < 0) continue;
    for (let x = 0; x < width; x++, at++) {
      for (let k = 0; k < bytes; k++) raw[line + x * bytes + k] = plane[k * width * height + at] as number;
    }
  }
}

/** One channel, or red, green and blue, which are stored as luma and differences. */
function unpackCosines(raw: Buffer, laid: readonly ChannelLayout[], from: Coefficients): void {
  const { width, height, channel } = laid[0] as ChannelLayout;
  if (laid.some((one) => one.channel.type === 'uint')) throw new RangeError('its rules are damaged');
  const linear = laid.length === 1 && channel.logarithmic;
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const firstMean = from.nextMean;
  from.nextMean += across * down * laid.length;
  if (from.nextMean > from.means.length) throw new RangeError('its coefficients are too short');
  const lines = laid.map((one) => [...one.lines].filter((line) => line >= 0));
  const blocks = laid.map(() => new Float64Array(64));
  for (let block = 0; block < across * down; block++) {
    blocks.forEach((values, c) => {
      readBlock(values, from.means[firstMean + c * across * down + block] as number, from);
    });
    if (blocks.length === 3) toColours(blocks as [Float64Array, Float64Array, Float64Array]);
    const [left, top] = [(block % across) * 8, Math.floor(block / across) * 8];
    laid.forEach((one, c) => {
      for (let k = 0; k < 64; k++) {
        const [x, y] = [left + (k & 7), top + (k >> 3)];
        if (x >= width || y >= height) continue;
        const value = toHalf(blocks[c]?.[k] as number);
        const half = linear ? value : toLinear(value);
        const at = (lines[c]?.[y] as number) + x * sampleBytes(one.channel);
        if (one.channel.type === 'half') raw.writeUInt16LE(half, at);
        else raw.writeFloatLE(fromHalf(half), at);
      }
    });
  }
}

const coefficients = new Float64Array(64);

function readBlock(samples: Float64Array, mean: number, from: Coefficients): void {
  coefficients.fill(0);
  coefficients[0] = fromHalf(mean);
  for (let k = 1; k < 64; ) {
    const coefficient = from.high[from.nextHigh++];
    if (coefficient === undefined) throw new RangeError('its coefficients are too short');
    if (coefficient === RUN) break;
    if (coefficient > RUN) k += coefficient & 0xff;
    else coefficients[ZIGZAG[k++] as number] = fromHalf(coefficient);
  }
  inverseDct(coefficients, samples);
}

/** From luma and differences of blue and red, by the weights of BT.709. */
function toColours([first, second, third]: [Float64Array, Float64Array, Float64Array]): void {
  for (let k = 0; k < 64; k++) {
    const [luma, blue, red] = [first[k] as number, second[k] as number, third[k] as number];
    first[k] = luma + 1.5747 * red;
    second[k] = luma - 0.1873 * blue - 0.4682 * red;
    third[k] = luma + 1.8556 * blue;
  }
}

let linearHalves: Uint16Array | undefined;

/** Stored values are the 2.2nd root of light up to 1, and logarithms above. */
function toLinear(half: number): number {
  linearHalves ??= Uint16Array.from({ length: 65536 }, (_, bits) => {
    const value = fromHalf(bits);
    if (!Number.isFinite(value)) return 0;
    const size = Math.abs(value);
    return toHalf(Math.sign(value) * (size <= 1 ? size ** 2.2 : BASE ** (size - 1)));
  });
  return linearHalves[half] as number;
}
