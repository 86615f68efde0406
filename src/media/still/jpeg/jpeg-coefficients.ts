import { isFrame, type JpegHeader } from './jpeg.ts';
import { type HuffmanTable, readTables } from './jpeg-huffman.ts';
import { type Coefficients, coefficientsOf, parseScan, type Scan } from './jpeg-scan.ts';
import { readScan } from './jpeg-scan-reader.ts';

/** A scan with what was in force where it stands in the file. */
export interface SequentialScan {
  readonly scan: Scan;
  readonly interval: number;
  readonly tables: ReadonlyMap<number, HuffmanTable>;
}

/** What a JPEG file's scans say, before it is made samples. */
interface ReadCoefficients {
  /** Of every component, in the file's order. */
  readonly all: readonly Coefficients[];
  /** 64 steps in zigzag order, by the name of the table. */
  readonly quantisers: ReadonlyMap<number, Uint16Array>;
  readonly scans: readonly SequentialScan[];
  readonly progressive: boolean;
  /** Units between two restarts where the file ends; 0 = none. */
  readonly interval: number;
  /** False where a scan has less data than its picture needs. */
  readonly whole: boolean;
}

/** What was read of a file for its picture, until it is changed: that costs as much again. */
const kept = new WeakMap<JpegHeader, ReadCoefficients>();

/** The same as `readCoefficients`, which is then kept for `takeCoefficients`. The coefficients are only to be read. */
export function lookAtCoefficients(file: Buffer, header: JpegHeader): ReadCoefficients {
  const read = kept.get(header) ?? readCoefficients(file, header);
  kept.set(header, read);
  return read;
}

/** The same, for whoever changes the coefficients: nobody else has them. */
export function takeCoefficients(file: Buffer, header: JpegHeader): ReadCoefficients {
  const read = kept.get(header) ?? readCoefficients(file, header);
  kept.delete(header);
  return read;
}

/** Decodes all scans of a JPEG file. @throws Error where one has a code or names a table that the file does not define */
function readCoefficients(file: Buffer, header: JpegHeader): ReadCoefficients {
  const all = coefficientsOf(header);
  const progressive = header.segments.find(({ marker }) => isFrame(marker))?.marker === 0xc2;
  const tables = new Map<number, HuffmanTable>();
  const quantisers = new Map<number, Uint16Array>();
  const scans: SequentialScan[] = [];
  let interval = 0;
  let whole = true;
  for (const segment of header.segments) {
    const head = file.subarray(segment.start, segment.end);
    if (segment.marker === 0xc4) for (const [name, table] of readTables(head)) tables.set(name, table);
    if (segment.marker === 0xdb) for (const [name, table] of readQuantisers(head)) quantisers.set(name, table);
    if (segment.marker === 0xdd) interval = head.readUInt16BE(0);
    if (segment.marker !== 0xda) continue;
    const scan = parseScan(file, segment, all);
    const data = file.subarray(segment.end, segment.scanEnd);
    whole = readScan(data, scan, { progressive, tables, interval }) && whole;
    scans.push({ scan, interval, tables: new Map(tables) });
  }
  return { all, quantisers, scans, progressive, interval, whole };
}

function readQuantisers(segment: Buffer): Map<number, Uint16Array> {
  const tables = new Map<number, Uint16Array>();
  for (let at = 0; at < segment.length; ) {
    const name = segment[at++] as number;
    const wide = name >> 4 === 1;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) table[k] = wide ? segment.readUInt16BE(at + k * 2) : (segment[at + k] as number);
    tables.set(name & 15, table);
    at += wide ? 128 : 64;
  }
  return tables;
}
