import { deflateSync } from 'node:zlib';

/** A page of a TIFF file to be written. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  /** 0 grey with white 0, 1 grey, 2 RGB, 5 CMYK. */
  readonly photometric: number;
  readonly planar: boolean;
  /** Field 339, one value for all samples; absent where it is left out. */
  readonly sampleFormat?: number | undefined;
  readonly compression: 1 | 5 | 8 | 32773 | 32946;
  readonly predictor: 1 | 2;
  readonly fillOrder: 1 | 2;
  readonly orientation?: number | undefined;
  /** Rows of a strip, or the sides of a tile. */
  readonly cut: { readonly rows: number } | { readonly tile: readonly [width: number, height: number] };
  /** Field 254; absent where it is left out. */
  readonly subfile?: number | undefined;
  /** Whether places and lengths are SHORT where they fit. */
  readonly shortPlaces?: boolean | undefined;
  /** Value of sample `c` of pixel (x, y), as stored. */
  readonly value: (x: number, y: number, c: number) => number;
}

export interface DrawnTiff {
  readonly bigEndian: boolean;
  readonly big: boolean;
  readonly pages: readonly DrawnPage[];
  /** The directories before the pictures, or behind them. */
  readonly directoriesFirst: boolean;
}

type Field = [tag: number, type: number, values: number[]];
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 16: 8 };

/** Writes a TIFF (TIFF 6.0, Adobe 1992) or BigTIFF byte by byte, by none of the program's own writers. */
export function writeTiff({ bigEndian, big, pages, directoriesFirst }: DrawnTiff): Buffer {
  const word = big ? 8 : 4;
  const chunks = pages.map((page) => chunksOf(page, bigEndian));
  const tables = pages.map((page, p) =>
    fieldsOf(
      page,
      (chunks[p] as Buffer[]).map(() => 0),
      (chunks[p] as Buffer[]).map(({ length }) => length),
      big,
    ),
  );
  const directoryBytes = tables.map((fields) => {
    const entries = (big ? 8 : 2) + fields.length * (big ? 20 : 12) + word;
    return entries + fields.reduce((sum, field) => sum + outside(field, word), 0);
  });
  const pictureBytes = chunks.map((list) => list.reduce((sum, chunk) => sum + even(chunk.length), 0));
  const starts: number[] = [];
  const pictures: number[] = [];
  let at = big ? 16 : 8;
  const lay = (into: number[], sizes: readonly number[]) => {
    for (const size of sizes) {
      into.push(at);
      at += even(size);
    }
  };
  if (directoriesFirst) lay(starts, directoryBytes);
  lay(pictures, pictureBytes);
  if (!directoriesFirst) lay(starts, directoryBytes);
  const file = Buffer.alloc(at, 0xee);
  const put = (value: number, to: number, bytes: number) => {
    if (bytes === 8)
      return bigEndian ? file.writeBigUInt64BE(BigInt(value), to) : file.writeBigUInt64LE(BigInt(value), to);
    return bigEndian ? file.writeUIntBE(value, to, bytes) : file.writeUIntLE(value, to, bytes);
  };
  file.write(bigEndian ? 'MM' : 'II', 0, 'latin1');
  put(big ? 43 : 42, 2, 2);
  if (big) {
    put(8, 4, 2);
    put(0, 6, 2);
  }
  put(starts[0] as number, big ? 8 : 4, word);
  pages.forEach((page, p) => {
    const places: number[] = [];
    let to = pictures[p] as number;
    for (const chunk of chunks[p] as Buffer[]) {
      chunk.copy(file, to);
      places.push(to);
      to += even(chunk.length);
    }
    const fields = fieldsOf(
      page,
      places,
      (chunks[p] as Buffer[]).map(({ length }) => length),
      big,
    );
    const start = starts[p] as number;
    put(fields.length, start, big ? 8 : 2);
    let entry = start + (big ? 8 : 2);
    let free = entry + fields.length * (big ? 20 : 12) + word;
    for (const [tag, type, values] of fields) {
      const bytes = TYPE_BYTES[type] as number;
      put(tag, entry, 2);
      put(type, entry + 2, 2);
      put(values.length, entry + 4, word);
      put(0, entry + 4 + word, word);
      const inside = bytes * values.length <= word;
      if (!inside) put(free, entry + 4 + word, word);
      values.forEach((value, k) => void put(value, (inside ? entry + 4 + word : free) + k * bytes, bytes));
      if (!inside) free += even(bytes * values.length);
      entry += big ? 20 : 12;
    }
    put(starts[p + 1] ?? 0, entry, word);
  });
  return file;
}

function even(length: number): number {
  return length + (length % 2);
}

function outside([, type, values]: Field, word: number): number {
  const bytes = (TYPE_BYTES[type] as number) * values.length;
  return bytes <= word ? 0 : even(bytes);
}

function fieldsOf(page: DrawnPage, places: number[], lengths: number[], big: boolean): Field[] {
  const tiled = 'tile' in page.cut;
  const placeType = page.shortPlaces ? 3 : big ? 16 : 4;
  const extra = page.samples - (page.photometric === 5 ? 4 : page.photometric === 2 ? 3 : 1);
  const fields: Field[] = [
    ...(page.subfile === undefined ? [] : [[254, 4, [page.subfile]] as Field]),
    [256, 3, [page.width]],
    [257, 4, [page.height]],
    [258, 3, Array<number>(page.samples).fill(page.bits)],
    [259, 3, [page.compression]],
    [262, 3, [page.photometric]],
    ...(page.fillOrder === 1 ? [] : [[266, 3, [2]] as Field]),
    [270, 2, [...Buffer.from('reel 3, scanned by hand\0', 'latin1')]],
    ...(tiled ? [] : [[273, placeType, places] as Field]),
    ...(page.orientation === undefined ? [] : [[274, 3, [page.orientation]] as Field]),
    [277, 3, [page.samples]],
    ...('rows' in page.cut ? [[278, 4, [page.cut.rows]] as Field, [279, placeType, lengths] as Field] : []),
    [284, 3, [page.planar ? 2 : 1]],
    ...(page.predictor === 1 ? [] : [[317, 3, [2]] as Field]),
    ...('tile' in page.cut
      ? ([
          [322, 3, [page.cut.tile[0]]],
          [323, 3, [page.cut.tile[1]]],
          [324, placeType, places],
          [325, placeType, lengths],
        ] as Field[])
      : []),
    ...(extra > 0 ? [[338, 3, Array<number>(extra).fill(2)] as Field] : []),
    ...(page.sampleFormat === undefined
      ? []
      : [[339, 3, Array<number>(page.samples).fill(page.sampleFormat)] as Field]),
    [65000, 4, [11, 22, 33]],
  ];
  return fields;
}

/** The strips or tiles as stored; tiles beyond the picture repeat its edge. */
function chunksOf(page: DrawnPage, bigEndian: boolean): Buffer[] {
  const { width, height, bits, planar } = page;
  const [across, down] = 'tile' in page.cut ? page.cut.tile : [width, Math.min(page.cut.rows || height, height)];
  const chunks: Buffer[] = [];
  for (let plane = 0; plane < (planar ? page.samples : 1); plane++) {
    for (let top = 0; top < height; top += down) {
      for (let left = 0; left < width; left += across) {
        const rows = 'tile' in page.cut ? down : Math.min(down, height - top);
        const components = planar ? [plane] : Array.from({ length: page.samples }, (_, c) => c);
        const lines = Array.from({ length: rows }, (_, y) => {
          const values: number[] = [];
          for (let x = 0; x < across; x++) {
            for (const c of components)
              values.push(page.value(Math.min(left + x, width - 1), Math.min(top + y, height - 1), c));
          }
          return lineOf(page.predictor === 2 ? differences(values, components.length, bits) : values, bits, bigEndian);
        });
        const packed = pack(lines, page.compression);
        chunks.push(page.fillOrder === 2 ? Buffer.from(packed.map(reversed)) : packed);
      }
    }
  }
  return chunks;
}

function differences(values: readonly number[], step: number, bits: number): number[] {
  return values.map((value, k) => (k < step ? value : (value - (values[k - step] as number) + 2 ** bits) % 2 ** bits));
}

function lineOf(values: readonly number[], bits: number, bigEndian: boolean): Buffer {
  if (bits === 16) {
    const line = Buffer.alloc(values.length * 2);
    values.forEach(
      (value, k) => void (bigEndian ? line.writeUInt16BE(value, 2 * k) : line.writeUInt16LE(value, 2 * k)),
    );
    return line;
  }
  const text = values.map((value) => value.toString(2).padStart(bits, '0')).join('');
  const bytes = text.padEnd(8 * Math.ceil(text.length / 8), '0').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

function reversed(byte: number): number {
  return Number.parseInt([...byte.toString(2).padStart(8, '0')].reverse().join(''), 2);
}

function pack(lines: readonly Buffer[], compression: DrawnPage['compression']): Buffer {
  const raw = Buffer.concat(lines);
  if (compression === 8 || compression === 32946) return deflateSync(raw);
  if (compression === 5) return literalLzw(raw);
  if (compression === 32773) return Buffer.concat(lines.map(literalRuns));
  return raw;
}

/** PackBits without a run: up to 128 bytes behind their number less one. */
function literalRuns(line: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < line.length; at += 128) {
    const part = line.subarray(at, at + 128);
    parts.push(Buffer.from([part.length - 1]), part);
  }
  return Buffer.concat(parts);
}

/** LZW whose table is cleared before its codes grow beyond 9 bits: every byte is its own code. */
function literalLzw(raw: Buffer): Buffer {
  let bits = '';
  const put = (code: number) => {
    bits += code.toString(2).padStart(9, '0');
  };
  raw.forEach((byte, k) => {
    if (k % 200 === 0) put(256);
    put(byte);
  });
  put(257);
  return Buffer.from(
    (bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)),
  );
}
