import type { ByteSource } from '../byte-source.ts';
import type { DpxRows } from './dpx-rows.ts';
import { bytesOfSamples, type DpxWords, readDpxSamples } from './dpx-samples.ts';

/** How a picture may lie in its file. */
export interface DpxWay {
  readonly words: DpxWords;
  readonly rows: DpxRows;
}

/** A picture that is looked at. */
export interface LookedAt {
  readonly height: number;
  /** In a row. */
  readonly samples: number;
  /** From a sample to the next of its component. */
  readonly step: number;
  /** True where the first way holds unless a look contradicts it; else it needs a look that confirms it. */
  readonly trusted: boolean;
}

/** Pairs of rows that are compared, and samples of each. */
const PAIRS = 12;
const MOST_SAMPLES = 2040;
/** How far rows are slid along each other to find them sheared, samples; beyond the first, by whole pixels. */
const SLIDE = 48;
const FARTHEST = 512;
/** Differences below this share of the samples' range show nothing: a black frame, a title card. */
const FLAT = 0.004;
/** Neighbours that differ by less than this share of what strangers do are neighbours in the picture. */
const NEIGHBOURS = 0.75;
/** A way of which no header tells needs more than that. */
const CLOSE_NEIGHBOURS = 0.5;
/** One way is better than another where its neighbours differ by less than this share of the other's. */
const BETTER = 0.7;
/** By how much slid rows of a sheared picture are more alike: see `isSheared`. */
const SLIGHTLY = 0.97;
const CLEARLY = 0.85;

/** What a look at rows says. */
interface Look {
  readonly way: DpxWay;
  /** The difference of neighbouring rows over that of rows far apart. */
  readonly ratio: number;
  readonly flat: boolean;
}

/**
 * The first of several ways in which a picture may lie, unless a look at its rows says that another is right: neighbouring rows of a
 * picture are alike, those of a sheared one are not, or are when one is slid along the other. Null where none is right.
 */
export async function likeliestWay(
  source: ByteSource,
  ways: readonly DpxWay[],
  picture: LookedAt,
): Promise<DpxWay | null> {
  const looks: Look[] = [];
  for (const way of ways) looks.push(await lookAt(source, way, picture));
  const [first] = looks;
  if (!first) return null;
  if (first.flat) return picture.trusted ? first.way : null;
  const best = looks.reduce((a, b) => (b.ratio < BETTER * a.ratio ? b : a));
  for (const look of [best, ...looks.filter((one) => one !== best).sort((a, b) => a.ratio - b.ratio)]) {
    const limit = look === first && picture.trusted ? NEIGHBOURS : CLOSE_NEIGHBOURS;
    if (look.ratio < limit && !(await isSheared(source, look.way, picture))) return look.way;
  }
  return null;
}

/** True where neighbouring samples are clearly more alike if the words are read from their other end. */
export async function isReadBackwards(source: ByteSource, way: DpxWay, picture: LookedAt): Promise<boolean> {
  const turned = { ...way, words: { ...way.words, lowFirst: !way.words.lowFirst } };
  const [asSaid, backwards] = [await roughness(source, way, picture), await roughness(source, turned, picture)];
  return asSaid > FLAT && backwards < BETTER * asSaid;
}

/** The mean difference of samples that are neighbours in a row, as a share of their range. */
async function roughness(source: ByteSource, way: DpxWay, { height, samples, step }: LookedAt): Promise<number> {
  let sum = 0;
  let count = 0;
  for (const y of rowsToCompare(height)) {
    const row = await rowOf(source, way, y, samples);
    for (let i = step; i < row.length; i++) sum += Math.abs((row[i] as number) - (row[i - step] as number));
    count += Math.max(0, row.length - step);
  }
  return count === 0 ? 0 : sum / count / 2 ** way.words.bits;
}

async function lookAt(source: ByteSource, way: DpxWay, { height, samples, step }: LookedAt): Promise<Look> {
  let neighbours = 0;
  let strangers = 0;
  let previous: Uint16Array | undefined;
  const places = rowsToCompare(height);
  for (const y of places) {
    const row = await rowOf(source, way, y, samples);
    const below = await rowOf(source, way, y + 1, samples);
    neighbours += difference(row, below, 0);
    strangers += difference(row, previous ?? below, Math.floor(row.length / (2 * step)) * step);
    previous = row;
  }
  const range = Math.max(1, places.length) * 2 ** way.words.bits;
  const flat = Math.max(neighbours, strangers) / range < FLAT;
  return { way, ratio: strangers === 0 ? 1 : neighbours / strangers, flat };
}

/**
 * True where rows are clearly more alike when one is slid along the other, by as much for each row between them: the next if it is
 * slid far, and rows farther below, of which the nearer ones must not contradict, where the slide is a part of a pixel.
 */
async function isSheared(source: ByteSource, way: DpxWay, picture: LookedAt): Promise<boolean> {
  const [next, fourth, sixteenth] = (await Promise.all(
    [1, 4, 16].map((apart) => slidDifferences(source, way, picture, apart)),
  )) as [Slides, Slides, Slides];
  for (const slide of next.keys()) {
    if (slide === 0) continue;
    const [near, far, farthest] = [next, fourth, sixteenth].map((slides) => slides.get(slide) ?? 1) as [
      number,
      number,
      number,
    ];
    if (near < BETTER || (near < 1 && (far < CLEARLY || (far < SLIGHTLY && farthest < CLEARLY)))) return true;
  }
  return false;
}

/** Differences of rows by how far one is slid along the other for each row between, samples; as a share of that of unslid ones. */
type Slides = ReadonlyMap<number, number>;

async function slidDifferences(
  source: ByteSource,
  way: DpxWay,
  { height, samples, step }: LookedAt,
  apart: number,
): Promise<Slides> {
  const sums = new Map<number, number>();
  for (const y of rowsToCompare(height - apart + 1)) {
    const row = await rowOf(source, way, y, samples);
    const below = await rowOf(source, way, y + apart, samples);
    const most = Math.min(FARTHEST, Math.floor(row.length / (4 * apart)));
    for (let slide = 0; slide <= most; slide += slide < SLIDE ? 1 : step) {
      for (const to of slide === 0 ? [0] : [slide, -slide]) {
        sums.set(to, (sums.get(to) ?? 0) + difference(row, below, to * apart));
      }
    }
  }
  const unslid = sums.get(0) ?? 0;
  return new Map([...sums].map(([slide, sum]) => [slide, unslid === 0 ? 1 : sum / unslid]));
}

/** The mean difference of a row and another that is slid along it; the samples that only one of them has do not count. */
function difference(row: Uint16Array, other: Uint16Array, slide: number): number {
  const from = Math.max(0, -slide);
  const to = Math.min(row.length, row.length - slide);
  if (to <= from) return 0;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.abs((row[i] as number) - (other[i + slide] as number));
  return sum / (to - from);
}

/** Rows, evenly spread, each of which has another below it. */
function rowsToCompare(height: number): number[] {
  if (height < 2) return [];
  const count = Math.min(PAIRS, height - 1);
  return Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * (height - 1)) / count));
}

async function rowOf(source: ByteSource, { words, rows }: DpxWay, y: number, samples: number): Promise<Uint16Array> {
  const count = Math.min(samples, MOST_SAMPLES);
  // A row that begins within a word is read from the last place at which a sample begins with a word.
  const start = rows.rowBytes === null ? y * samples : 0;
  const first = start % 48;
  const at =
    rows.rowBytes === null ? rows.offset + bytesOfSamples(words, start - first) : rows.offset + y * rows.rowBytes;
  const bytes = await source.read(at, bytesOfSamples(words, first + count));
  const row = new Uint16Array(count);
  readDpxSamples(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, first, words, row);
  return row;
}
