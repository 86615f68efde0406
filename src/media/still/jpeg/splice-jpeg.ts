import { type Plane, type Plate, planesOf } from '../../../film/plate.ts';
import type { FrameRange } from '../../../film/range.ts';
import { isFrame, type JpegHeader } from './jpeg.ts';
import { type SequentialScan, takeCoefficients } from './jpeg-coefficients.ts';
import { forwardDct, inverseDct, ZIGZAG } from './jpeg-dct.ts';
import { type HuffmanTable, optimalTable, readTables, writeTable } from './jpeg-huffman.ts';
import type { Coefficients, Scan } from './jpeg-scan.ts';
import { countSymbols, writeScan } from './jpeg-scan-writer.ts';

/** Decoders may differ by this much in a sample (IEEE 1180), so a difference of it alone is no change. */
const DECODERS_DIFFER = 1;

/**
 * A copy of a JPEG file in which the 8 × 8 blocks that differ from the plate in the rows `[rows.in, rows.out)` are changed
 * towards it, with the file's own quantisation. The coefficients of all other blocks, and every other segment, stay as they are.
 *
 * A changed block is not coded anew: the difference is added to its coefficients, so that what did not change in it stays near.
 * A progressive file comes back as a sequential one with the same coefficients.
 */
export function spliceJpeg(file: Buffer, header: JpegHeader, plate: Plate, rows: FrameRange): Buffer {
  const { all, quantisers, scans, progressive, interval } = takeCoefficients(file, header);
  const planes = planesOf(plate.format, plate.bytes, plate.width, plate.height);
  all.forEach((coefficients, k) => {
    const plane = planes[k];
    const quantiser = quantisers.get(coefficients.component.table);
    if (!plane || !quantiser) throw new Error('The file defines no quantisation table for a component.');
    const shift = plate.format.planes[k]?.shiftY ?? 0;
    changeBlocks(coefficients, quantiser, plane, { in: rows.in >> shift, out: Math.ceil(rows.out / 2 ** shift) });
  });
  return progressive ? writeProgressive(file, header, all, interval) : writeSequential(file, header, scans);
}

function changeBlocks(coefficients: Coefficients, quantiser: Uint16Array, plane: Plane, rows: FrameRange): void {
  const { values, columns, usedColumns, usedRows } = coefficients;
  const raw = new Float64Array(64);
  const samples = new Float64Array(64);
  const change = new Float64Array(64);
  const lastRow = Math.min(usedRows, Math.ceil(rows.out / 8));
  for (let row = Math.floor(rows.in / 8); row < lastRow; row++) {
    for (let column = 0; column < usedColumns; column++) {
      const at = (row * columns + column) * 64;
      for (let k = 0; k < 64; k++) raw[ZIGZAG[k] as number] = (values[at + k] as number) * (quantiser[k] as number);
      inverseDct(raw, samples);
      if (!differenceTo(plane, column * 8, row * 8, samples, change)) continue;
      forwardDct(change, raw);
      for (let k = 0; k < 64; k++) {
        const step = Math.round((raw[ZIGZAG[k] as number] as number) / (quantiser[k] as number));
        // More than this has no code in 8-bit JPEG (ITU-T T.81 tables F.1 and F.2).
        values[at + k] = Math.max(-1023, Math.min(1023, (values[at + k] as number) + step));
      }
    }
  }
}

/** Writes plate minus block into `change`, repeated beyond the picture's edge; false where they do not really differ. */
function differenceTo(plane: Plane, left: number, top: number, samples: Float64Array, change: Float64Array): boolean {
  let differs = false;
  for (let y = 0; y < 8; y++) {
    const insideY = Math.min(y, plane.height - 1 - top);
    for (let x = 0; x < 8; x++) {
      const insideX = Math.min(x, plane.width - 1 - left);
      const exact = (samples[insideY * 8 + insideX] as number) + 128;
      const shown = Math.max(0, Math.min(255, Math.round(exact)));
      const wanted = plane.samples[(top + insideY) * plane.width + left + insideX] as number;
      if (Math.abs(wanted - shown) > DECODERS_DIFFER) differs = true;
      change[y * 8 + x] = wanted === shown ? 0 : wanted - exact;
    }
  }
  return differs;
}

/** The file with each scan's data coded again. Its Huffman tables stay unless they lack a symbol that is needed now. */
function writeSequential(file: Buffer, header: JpegHeader, scans: readonly SequentialScan[]): Buffer {
  const parts: Buffer[] = [];
  const inForce = new Map<number, HuffmanTable>();
  let copied = 0;
  let index = 0;
  for (const segment of header.segments) {
    if (segment.marker === 0xc4) {
      for (const [name, table] of readTables(file.subarray(segment.start, segment.end))) inForce.set(name, table);
    }
    if (segment.marker !== 0xda) continue;
    const { scan, interval, tables } = scans[index++] as SequentialScan;
    const scanStart = segment.start - 4;
    parts.push(file.subarray(copied, scanStart));
    for (const [name, counts] of countSymbols(scan, interval)) {
      const own = tables.get(name);
      const complete = own && counts.every((count, symbol) => count === 0 || (own.lengths[symbol] as number) > 0);
      const same = complete && sameTable(own, inForce.get(name));
      if (same) continue;
      const table = complete ? own : optimalTable(counts);
      parts.push(writeTable(name, table));
      inForce.set(name, table);
    }
    parts.push(file.subarray(scanStart, segment.end), writeScan(scan, interval, inForce));
    copied = segment.scanEnd;
  }
  parts.push(file.subarray(copied));
  return Buffer.concat(parts);
}

function sameTable(a: HuffmanTable, b: HuffmanTable | undefined): boolean {
  return b !== undefined && `${a.counts}|${a.symbols}` === `${b.counts}|${b.symbols}`;
}

/** The file with its scans joined into one sequential scan, and its Huffman tables replaced. */
function writeProgressive(file: Buffer, header: JpegHeader, all: readonly Coefficients[], interval: number): Buffer {
  const parts: Buffer[] = [file.subarray(0, 2)];
  const scan: Scan = {
    components: all.map((coefficients, k) => ({ coefficients, dc: k === 0 ? 0 : 1, ac: k === 0 ? 0x10 : 0x11 })),
    from: 0,
    to: 63,
    low: 0,
    high: 0,
  };
  for (const { marker, start, end } of header.segments) {
    if (marker === 0xc4 || marker === 0xda) continue;
    const kept = Buffer.from(file.subarray(start - 4, end));
    if (isFrame(marker)) kept[1] = 0xc0;
    parts.push(kept);
  }
  const tables = new Map([...countSymbols(scan, interval)].map(([name, counts]) => [name, optimalTable(counts)]));
  for (const [name, table] of tables) parts.push(writeTable(name, table));
  const named = all.flatMap(({ component }, k) => [component.id, k === 0 ? 0x00 : 0x11]);
  parts.push(
    Buffer.from([0xff, 0xda, 0, 6 + named.length, all.length, ...named, 0, 63, 0]),
    writeScan(scan, interval, tables),
  );
  const last = header.segments.at(-1);
  parts.push(file.subarray(last?.scanEnd ?? file.length));
  return Buffer.concat(parts);
}
