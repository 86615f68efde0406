import { bytesOfSamples, type DpxWords } from './dpx-samples.ts';

/** Where the rows of a DPX picture lie. */
export interface DpxRows {
  /** Where the picture begins, bytes from the file's start. */
  readonly offset: number;
  /** Bytes from one row to the next; null where a row begins at the bit at which the one before it ends. */
  readonly rowBytes: number | null;
}

/** What is known of a picture's rows before they are looked for. */
export interface RowGeometry {
  readonly words: DpxWords;
  readonly height: number;
  readonly offset: number;
  /** In a row. */
  readonly samples: number;
  /** Bytes that the header says follow each row; 0 where it does not say. */
  readonly rowPadding: number;
  /** Bytes that the file has. */
  readonly size: number;
  /** Where the picture ends by what the header says, bytes from the file's start; a header may say several things. */
  readonly ends: readonly number[];
}

/** Ways in which the rows may lie, as far as sizes tell. */
export interface RowChoice {
  /** Ways whose rows are all in the file, the likeliest first. */
  readonly fitting: readonly DpxRows[];
  /** True where the sizes leave no doubt that the first is right. */
  readonly certain: boolean;
  /** Bytes that the likeliest way of all needs from the file's start. */
  readonly needed: number;
}

/** Rows of writers that fill them up to blocks of a disk or to lines of a cache. */
const BLOCKS = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

/**
 * How the rows may lie. The standard fills each up to a 32-bit word, and its header may add bytes at the end of a line; some writers
 * fill up less or more than they say, or not at all, which only the sizes show.
 */
export function rowChoice(geometry: RowGeometry): RowChoice {
  const { words, height, offset, samples, rowPadding, size } = geometry;
  const tight = bytesOfSamples(words, samples);
  const filled = Math.ceil(tight / 4) * 4;
  const available = size - offset;
  const whole = bytesOfSamples(words, samples * height);
  const strides = new Set([...(rowPadding > 0 ? [filled + rowPadding, tight + rowPadding] : []), ...[filled, tight]]);
  const running = isShared(words) && whole < tight * height;
  const needs = (stride: number) => stride * (height - 1) + tight;
  const ends = [size, ...geometry.ends].map((end) => end - offset).filter((bytes) => bytes <= available);

  const said = [...strides].map((rowBytes) => ({
    rows: { offset, rowBytes } as DpxRows,
    fits: needs(rowBytes) <= available,
    exact: ends.includes(rowBytes * height) || ends.includes(needs(rowBytes)),
  }));
  if (running) said.push({ rows: { offset, rowBytes: null }, fits: whole <= available, exact: ends.includes(whole) });
  const needed = offset + needs([...strides][0] as number);
  // The size that a header states may be that of a whole file of which this is the beginning.
  const isBeginning = geometry.ends.some((end) => end > size && end === offset + filled * height);
  const exact = isBeginning ? undefined : said.find((way) => way.exact);
  if (exact) return { fitting: [exact.rows], certain: true, needed };

  const unsaid = [
    ...ends.map((end) => (end % height === 0 ? end / height : Math.floor(end / height / 4) * 4)),
    ...BLOCKS.map((block) => Math.ceil(tight / block) * block),
  ]
    .filter((stride) => stride > filled && !strides.has(stride))
    .filter((stride) => needs(stride) <= available);
  const fitting = [
    ...said.filter(({ fits }) => fits).map(({ rows }) => rows),
    ...[...new Set(unsaid)].map((rowBytes): DpxRows => ({ offset, rowBytes })),
  ];
  // Without a byte for each row nothing lies between them, unless the standard's own filling is left out.
  const idle = available - needs(filled);
  const certain = rowPadding === 0 && filled === tight && !running && idle >= 0 && idle < height;
  return { fitting, certain, needed };
}

/** True where a word may hold samples of two rows. */
function isShared({ bits, packing }: DpxWords): boolean {
  return bits === 10 || (bits === 12 && packing === 'packed');
}

/** The byte at which to read row `y`, and the samples to pass over from there: for `readDpxSamples` and `writeDpxSamples`. */
export function rowPlace({ offset, rowBytes }: DpxRows, y: number, samples: number): { at: number; first: number } {
  return rowBytes === null ? { at: offset, first: y * samples } : { at: offset + y * rowBytes, first: 0 };
}
