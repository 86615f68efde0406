import { type Scan, type ScanComponent, type Tables, tableOf, walkScan } from './jpeg-scan.ts';

/** What a scan is decoded by. */
export interface ScanCoding {
  readonly progressive: boolean;
  readonly tables: Tables;
  /** Units between two restarts; 0 = none. */
  readonly interval: number;
}

/**
 * Decodes a scan's entropy-coded data into the coefficients of its components (ITU-T T.81 F.2.2, and G.2 for progressive). False where
 * there was less of it than the picture needs: what is missing was read as zeros.
 */
export function readScan(data: Buffer, scan: Scan, { progressive, tables, interval }: ScanCoding): boolean {
  const bits = bitReader(data);
  const predictions = new Map<ScanComponent, number>();
  let endOfBand = 0;

  const readDc = (part: ScanComponent, values: Int16Array, at: number) => {
    const size = bits.symbol(tableOf(tables, part.dc).lookup);
    const dc = (predictions.get(part) ?? 0) + bits.signed(size);
    predictions.set(part, dc);
    values[at] = dc << scan.low;
  };

  const sequential = (part: ScanComponent, values: Int16Array, at: number) => {
    readDc(part, values, at);
    const { lookup } = tableOf(tables, part.ac);
    for (let k = 1; k < 64; k++) {
      const symbol = bits.symbol(lookup);
      const size = symbol & 15;
      if (size === 0 && symbol >> 4 < 15) break;
      k += symbol >> 4;
      if (size > 0 && k < 64) values[at + k] = bits.signed(size);
    }
  };

  const firstOfBand = (part: ScanComponent, values: Int16Array, at: number) => {
    if (endOfBand > 0) {
      endOfBand -= 1;
      return;
    }
    const { lookup } = tableOf(tables, part.ac);
    for (let k = scan.from; k <= scan.to; k++) {
      const symbol = bits.symbol(lookup);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        endOfBand = (1 << run) + bits.take(run) - 1;
        return;
      }
      k += run;
      if (size > 0) values[at + k] = bits.signed(size) << scan.low;
    }
  };

  const refineBand = (part: ScanComponent, values: Int16Array, at: number) => {
    const step = 1 << scan.low;
    const refine = (k: number) => {
      const value = values[at + k] as number;
      if (bits.take(1) === 1 && (Math.abs(value) & step) === 0) values[at + k] = value + (value > 0 ? step : -step);
    };
    let k = scan.from;
    if (endOfBand === 0) {
      const { lookup } = tableOf(tables, part.ac);
      for (; k <= scan.to; k++) {
        const symbol = bits.symbol(lookup);
        let run = symbol >> 4;
        let value = 0;
        if ((symbol & 15) > 0) value = bits.take(1) === 1 ? step : -step;
        else if (run < 15) {
          endOfBand = (1 << run) + bits.take(run);
          break;
        }
        for (; k <= scan.to; k++) {
          if (values[at + k] !== 0) refine(k);
          else if (run-- === 0) break;
        }
        if (value !== 0 && k <= scan.to) values[at + k] = value;
      }
    }
    if (endOfBand === 0) return;
    for (; k <= scan.to; k++) if (values[at + k] !== 0) refine(k);
    endOfBand -= 1;
  };

  const readBlock = !progressive
    ? sequential
    : scan.from > 0
      ? scan.high === 0
        ? firstOfBand
        : refineBand
      : scan.high === 0
        ? readDc
        : (_: ScanComponent, values: Int16Array, at: number) => {
            if (bits.take(1) === 1) values[at] = (values[at] as number) | (1 << scan.low);
          };
  walkScan(
    scan,
    interval,
    (part, block) => readBlock(part, part.coefficients.values, block * 64),
    () => {
      bits.restart();
      predictions.clear();
      endOfBand = 0;
    },
  );
  return bits.areWhole();
}

/** Reads bits, high bit first, past stuffed bytes; after the data's end, zeros. */
function bitReader(data: Buffer) {
  let at = 0;
  let held = 0;
  let count = 0;
  /** Bits that are held and are not the file's, since the last restart; true once any of such was used. */
  let invented = 0;
  let lacking = false;
  const fill = () => {
    while (count <= 16) {
      let byte = data[at] ?? 0;
      if (at >= data.length || (byte === 0xff && data[at + 1] !== 0)) {
        byte = 0;
        invented += 8;
      } else at += byte === 0xff ? 2 : 1;
      held = ((held << 8) | byte) & 0xffffff;
      count += 8;
    }
  };
  const take = (length: number): number => {
    if (length === 0) return 0;
    fill();
    count -= length;
    return (held >>> count) & ((1 << length) - 1);
  };
  return {
    take,
    symbol(lookup: Uint16Array): number {
      fill();
      const entry = lookup[(held >>> (count - 16)) & 0xffff] as number;
      if (entry === 0) throw new Error('A scan has a code that is not in its Huffman table.');
      count -= entry & 31;
      return entry >> 5;
    },
    /** A value of `size` bits whose first bit tells the sign (ITU-T T.81 table F.1). */
    signed(size: number): number {
      const value = take(size);
      return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    },
    /** False where bits were read that are not there. */
    areWhole: () => !lacking && invented <= count,
    restart() {
      lacking ||= invented > count;
      invented = 0;
      held = 0;
      count = 0;
      while (at < data.length && !(data[at] === 0xff && ((data[at + 1] ?? 0) & 0xf8) === 0xd0)) at++;
      at += 2;
    },
  };
}
