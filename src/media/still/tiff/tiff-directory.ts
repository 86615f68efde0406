import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';

/** Where the numbers of a file of either kind lie: TIFF 6.0 §2, and BigTIFF, which has 8 bytes for each place and count. */
export interface TiffForm {
  readonly bigEndian: boolean;
  readonly big: boolean;
}

/** A field of a directory with whole numbers in it. */
export interface TiffField {
  /** Byte in the file of the entry itself: tag, type, count, then the values or their place. */
  readonly entry: number;
  /** Byte in the file of the first value. */
  readonly at: number;
  /** Bytes of a value: 1, 2, 4 or 8. */
  readonly bytes: number;
  readonly values: readonly number[];
}

export type TiffDirectory = ReadonlyMap<number, TiffField>;

/** Where a directory lies. */
export interface TiffDirectoryPlace {
  /** Byte in the file of its count of fields. */
  readonly at: number;
  /** Byte in the file of the number that names that place, and the bytes of it: 4 or 8. */
  readonly pointer: { readonly at: number; readonly bytes: number };
}

/** Bytes of a value by field type, from BYTE (1) to IFD8 (18). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
/** BYTE, SHORT, LONG, IFD, LONG8, IFD8. */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([1, 3, 4, 13, 16, 18]);
/** Strips of a picture: one for each row at most, of each plane. */
const MOST_VALUES = 4 << 17;
/** Of all directories together: several may name the same values, so that a small file could fill the memory. */
const MOST_VALUES_OF_ALL = 1 << 24;
/** A film of pages has thousands; a circle of directories has no end. */
const MOST_PAGES = 10_000;
const SUB_DIRECTORIES = 330;

/** The first value of a field. @throws DamagedStill where there is none, and nothing stands for it */
export function firstValue(directory: TiffDirectory, tag: number, otherwise?: number): number {
  const value = directory.get(tag)?.values[0] ?? otherwise;
  if (value === undefined) throw new DamagedStill(`lacks the TIFF field ${tag}`);
  return value;
}

/**
 * The directories of a TIFF file in order, each with those fields of whole numbers that `wanted` names. A directory's
 * subdirectories (field 330) follow it.
 *
 * @throws DamagedStill
 */
export async function readDirectories(
  source: ByteSource,
  wanted: ReadonlySet<number>,
): Promise<{
  readonly form: TiffForm;
  readonly directories: readonly TiffDirectory[];
  /** Of each directory. */
  readonly places: readonly TiffDirectoryPlace[];
}> {
  const start = await source.read(0, Math.min(16, source.size));
  if (start.length < 8) throw new DamagedStill('is cut off before its header');
  const order = start.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') throw new DamagedStill('is not a TIFF file: it does not begin with II or MM');
  const bigEndian = order === 'MM';
  const version = numberAt(start, 2, 2, bigEndian);
  const big = version === 43;
  if (version !== 42 && !big) throw new DamagedStill('is not a TIFF file: its version is neither 42 nor 43');
  if (big && start.length < 16) throw new DamagedStill('is cut off before its header');
  if (big && numberAt(start, 4, 2, bigEndian) !== 8) {
    throw new DamagedStill('has a damaged BigTIFF header: its places do not have 8 bytes');
  }
  const form = { bigEndian, big };
  const directories: TiffDirectory[] = [];
  const places: TiffDirectoryPlace[] = [];
  const seen = new Set<number>();
  let values = 0;
  const word = big ? 8 : 4;
  const waiting = [{ at: numberAt(start, word, word, bigEndian), pointer: { at: word, bytes: word } }];
  for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
    const { at } = place;
    if (at === 0 || seen.has(at)) continue;
    if (seen.size === MOST_PAGES) throw new DamagedStill(`has more than ${MOST_PAGES} directories`);
    seen.add(at);
    const { directory, next } = await readDirectory(source, at, form, wanted);
    for (const field of directory.values()) values += field.values.length;
    if (values > MOST_VALUES_OF_ALL) {
      throw new DamagedStill(`has more than ${MOST_VALUES_OF_ALL} values in its directories`);
    }
    directories.push(directory);
    places.push(place);
    const inner = directory.get(SUB_DIRECTORIES);
    if (inner && inner.values.length > MOST_PAGES) throw new DamagedStill(`has more than ${MOST_PAGES} directories`);
    const innerPlaces = inner?.values.map((value, k) => {
      return { at: value, pointer: { at: inner.at + k * inner.bytes, bytes: inner.bytes } };
    });
    waiting.unshift(...(innerPlaces ?? []), next);
  }
  return { form, directories, places };
}

async function readDirectory(
  source: ByteSource,
  at: number,
  { bigEndian, big }: TiffForm,
  wanted: ReadonlySet<number>,
): Promise<{ readonly directory: TiffDirectory; readonly next: TiffDirectoryPlace }> {
  const word = big ? 8 : 4;
  const entryBytes = big ? 20 : 12;
  const head = big ? 8 : 2;
  const count = numberAt(await source.read(at, head), 0, head, bigEndian);
  // The bytes after the entries say where the next directory is.
  const entries = await source.read(at + head, count * entryBytes + word);
  const directory = new Map<number, TiffField>();
  for (let k = 0; k < count; k++) {
    const begin = k * entryBytes;
    const tag = numberAt(entries, begin, 2, bigEndian);
    const type = numberAt(entries, begin + 2, 2, bigEndian);
    const bytes = TYPE_BYTES[type] ?? 0;
    const length = numberAt(entries, begin + 4, word, bigEndian);
    const entry = at + head + begin;
    const value = begin + 4 + word;
    const place = bytes * length <= word ? entry + 4 + word : numberAt(entries, value, word, bigEndian);
    if (place + bytes * length > source.size) {
      throw new DamagedStill(
        `is cut off: field ${tag} ends at byte ${place + bytes * length}, the file has ${source.size}`,
      );
    }
    // Of a field that stands twice the first counts, as for libtiff.
    if (directory.has(tag) || !(wanted.has(tag) || tag === SUB_DIRECTORIES) || !WHOLE_NUMBERS.has(type)) continue;
    if (length > MOST_VALUES) throw new DamagedStill(`has a damaged TIFF field ${tag} (${length} values)`);
    const raw = await source.read(place, bytes * length);
    const values = Array.from({ length }, (_, i) => numberAt(raw, i * bytes, bytes, bigEndian));
    directory.set(tag, { entry, at: place, bytes, values });
  }
  const after = count * entryBytes;
  const next = { at: numberAt(entries, after, word, bigEndian), pointer: { at: at + head + after, bytes: word } };
  return { directory, next };
}

/** A whole number of `length` bytes. */
export function numberAt(bytes: Buffer, at: number, length: number, bigEndian: boolean): number {
  if (length === 8) return Number(bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  return bigEndian ? bytes.readUIntBE(at, length) : bytes.readUIntLE(at, length);
}

/** A table of places in a file, and the numbers that it shall hold. */
export interface TiffTable {
  readonly field: TiffField;
  readonly values: readonly number[];
}

/**
 * Writes other values into a field of `file`, where they are, or, where one has become too large for their type, by `append`, which
 * puts bytes at the file's end and tells where.
 */
export function writeTiffTable(
  file: Buffer,
  { bigEndian, big }: TiffForm,
  { field, values }: TiffTable,
  append: (bytes: Buffer) => number,
): void {
  const put = (to: Buffer, value: number, at: number, bytes: number) => putNumber(to, { value, at, bytes, bigEndian });
  const encode = (bytes: number) => {
    const encoded = Buffer.alloc(values.length * bytes);
    values.forEach((value, k) => void put(encoded, value, k * bytes, bytes));
    return encoded;
  };
  if (values.every((value) => value < 256 ** field.bytes)) {
    encode(field.bytes).copy(file, field.at);
    return;
  }
  const word = big ? 8 : 4;
  const wide = encode(word);
  put(file, big ? 16 : 4, field.entry + 2, 2);
  const value = field.entry + 4 + word;
  if (wide.length <= word) wide.copy(file, value);
  else put(file, append(wide), value, word);
}

/** Writes a whole number of `bytes` bytes. */
export function putNumber(
  to: Buffer,
  one: { readonly value: number; readonly at: number; readonly bytes: number; readonly bigEndian: boolean },
): void {
  const { value, at, bytes, bigEndian } = one;
  if (bytes === 8) {
    if (bigEndian) to.writeBigUInt64BE(BigInt(value), at);
    else to.writeBigUInt64LE(BigInt(value), at);
  } else if (bigEndian) to.writeUIntBE(value, at, bytes);
  else to.writeUIntLE(value, at, bytes);
}
