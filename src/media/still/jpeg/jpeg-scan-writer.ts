import type { HuffmanTable } from './jpeg-huffman.ts';
import { type Scan, type ScanComponent, walkScan } from './jpeg-scan.ts';

/** Where a scan's symbols go: a counter, or a stream of bits. */
interface Sink {
  /** A symbol of the table of that name, and `size` bits after it. */
  put(table: number, symbol: number, bits: number, size: number): void;
  restart(): void;
}

/** How often each table's symbols occur in a sequential scan, by the table's name. */
export function countSymbols(scan: Scan, interval: number): Map<number, Uint32Array> {
  const counts = new Map<number, Uint32Array>();
  for (const { dc, ac } of scan.components) {
    counts.set(dc, new Uint32Array(256));
    counts.set(ac, new Uint32Array(256));
  }
  codeScan(scan, interval, {
    put(table, symbol) {
      const count = counts.get(table) as Uint32Array;
      count[symbol] = (count[symbol] as number) + 1;
    },
    restart() {},
  });
  return counts;
}

/** The entropy-coded data of a sequential scan (ITU-T T.81 F.1.2). */
export function writeScan(scan: Scan, interval: number, tables: ReadonlyMap<number, HuffmanTable>): Buffer {
  const stream = bitWriter();
  let restarts = 0;
  codeScan(scan, interval, {
    put(table, symbol, bits, size) {
      const { codes, lengths } = tables.get(table) as HuffmanTable;
      stream.put(codes[symbol] as number, lengths[symbol] as number);
      if (size > 0) stream.put(bits, size);
    },
    restart() {
      stream.mark(0xd0 | (restarts++ & 7));
    },
  });
  return stream.end();
}

function codeScan(scan: Scan, interval: number, sink: Sink): void {
  const predictions = new Map<ScanComponent, number>();
  const put = (table: number, run: number, value: number) => {
    const size = 32 - Math.clz32(Math.abs(value));
    sink.put(table, (run << 4) | size, value < 0 ? value + (1 << size) - 1 : value, size);
  };
  walkScan(
    scan,
    interval,
    (part, block) => {
      const { values } = part.coefficients;
      const at = block * 64;
      const dc = values[at] as number;
      put(part.dc, 0, dc - (predictions.get(part) ?? 0));
      predictions.set(part, dc);
      let run = 0;
      for (let k = 1; k < 64; k++) {
        const value = values[at + k] as number;
        if (value === 0) {
          run += 1;
          continue;
        }
        for (; run > 15; run -= 16) sink.put(part.ac, 0xf0, 0, 0);
        put(part.ac, run, value);
        run = 0;
      }
      if (run > 0) sink.put(part.ac, 0, 0, 0);
    },
    () => {
      predictions.clear();
      sink.restart();
    },
  );
}

function bitWriter() {
  let bytes = Buffer.allocUnsafe(1 << 16);
  let length = 0;
  let held = 0;
  let count = 0;
  const push = (byte: number) => {
    if (length + 2 > bytes.length) bytes = Buffer.concat([bytes], bytes.length * 2);
    bytes[length++] = byte;
  };
  const put = (bits: number, size: number) => {
    held = (held << size) | bits;
    count += size;
    while (count >= 8) {
      count -= 8;
      const byte = (held >>> count) & 0xff;
      push(byte);
      if (byte === 0xff) push(0);
    }
    held &= (1 << count) - 1;
  };
  // The last byte is filled with ones (ITU-T T.81 F.1.2.3).
  const flush = () => {
    if (count > 0) put((1 << (8 - count)) - 1, 8 - count);
  };
  return {
    put,
    mark(marker: number) {
      flush();
      push(0xff);
      push(marker);
    },
    end(): Buffer {
      flush();
      return bytes.subarray(0, length);
    },
  };
}
