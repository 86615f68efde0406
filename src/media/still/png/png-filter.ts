import type { PngHeader } from './png.ts';

/** Bytes of a row without its filter byte, and of a pixel. */
export interface RowLayout {
  readonly rowBytes: number;
  readonly pixel: number;
}

/** The packed picture of a PNG file, of however many chunks. */
export function pngPicture(file: Buffer, { chunks }: Pick<PngHeader, 'chunks'>): Buffer {
  const parts = chunks.filter(({ type }) => type === 'IDAT');
  return Buffer.concat(parts.map(({ offset, length }) => file.subarray(offset, offset + length)));
}

/**
 * Undoes the row filters of PNG (W3C PNG §9): `filtered` holds a filter byte and `rowBytes` bytes for each row. Returns the rows
 * without their filter bytes.
 */
export function unfilterRows(filtered: Buffer, { rowBytes, pixel }: RowLayout): Buffer {
  const rows = Math.floor(filtered.length / (rowBytes + 1));
  const raw = Buffer.allocUnsafe(rows * rowBytes);
  for (let y = 0; y < rows; y++) {
    const from = y * (rowBytes + 1);
    const to = y * rowBytes;
    const filter = filtered[from] as number;
    if (filter === 0) filtered.copy(raw, to, from + 1, from + 1 + rowBytes);
    else if (filter === 1) unfilterFromLeft(filtered, from + 1, raw, to, { rowBytes, pixel });
    else if (filter === 2 && y > 0) unfilterFromAbove(filtered, from + 1, raw, to, rowBytes);
    else {
      for (let i = 0; i < rowBytes; i++) {
        raw[to + i] = (filtered[from + 1 + i] as number) + predict(filter, raw, to, i, rowBytes, pixel);
      }
    }
  }
  return raw;
}

/** The two filters that most rows have, without asking at every byte which it is. */
function unfilterFromLeft(
  filtered: Buffer,
  from: number,
  raw: Buffer,
  to: number,
  { rowBytes, pixel }: RowLayout,
): void {
  filtered.copy(raw, to, from, from + pixel);
  for (let i = pixel; i < rowBytes; i++) raw[to + i] = (filtered[from + i] as number) + (raw[to + i - pixel] as number);
}

function unfilterFromAbove(filtered: Buffer, from: number, raw: Buffer, to: number, rowBytes: number): void {
  for (let i = 0; i < rowBytes; i++) raw[to + i] = (filtered[from + i] as number) + (raw[to + i - rowBytes] as number);
}

/** Writes row `y` of `raw` into `filtered` again, with the filter that it had there. */
export function filterRow(raw: Buffer, filtered: Buffer, y: number, { rowBytes, pixel }: RowLayout): void {
  const to = y * (rowBytes + 1);
  const from = y * rowBytes;
  const filter = filtered[to] as number;
  for (let i = 0; i < rowBytes; i++) {
    filtered[to + 1 + i] = (raw[from + i] as number) - predict(filter, raw, from, i, rowBytes, pixel);
  }
}

/** What a filter expects at byte `i` of the row that begins at `row`, from the bytes left, above, and left above. */
function predict(filter: number, raw: Buffer, row: number, i: number, rowBytes: number, pixel: number): number {
  if (filter === 0) return 0;
  const left = i >= pixel ? (raw[row + i - pixel] as number) : 0;
  if (filter === 1) return left;
  const above = row > 0 ? (raw[row - rowBytes + i] as number) : 0;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const corner = row > 0 && i >= pixel ? (raw[row - rowBytes + i - pixel] as number) : 0;
  const towards = left + above - corner;
  const toLeft = Math.abs(towards - left);
  const toAbove = Math.abs(towards - above);
  const toCorner = Math.abs(towards - corner);
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}
