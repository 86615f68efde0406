import type { JpegComponent, JpegHeader, JpegSegment } from './jpeg.ts';
import type { HuffmanTable } from './jpeg-huffman.ts';

/** The quantised coefficients of one component. */
export interface Coefficients {
  readonly component: JpegComponent;
  /** Blocks in a row of whole units, and rows of them. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks that hold picture. */
  readonly usedColumns: number;
  readonly usedRows: number;
  /** 64 a block in zigzag order, block after block. */
  readonly values: Int16Array;
}

export interface ScanComponent {
  readonly coefficients: Coefficients;
  /** Names of its tables for the first and the other coefficients, as DHT segments have them. */
  readonly dc: number;
  readonly ac: number;
}

/** One scan of a JPEG file. */
export interface Scan {
  readonly components: readonly ScanComponent[];
  /** First and last coefficient, in zigzag order. */
  readonly from: number;
  readonly to: number;
  /** Bit that is coded now, and the one coded before (0: none), of a progressive scan. */
  readonly low: number;
  readonly high: number;
}

/** Empty coefficients for every component. */
export function coefficientsOf({ components, width, height }: JpegHeader): Coefficients[] {
  const across = Math.max(...components.map((component) => component.across));
  const down = Math.max(...components.map((component) => component.down));
  return components.map((component) => {
    const columns = Math.ceil(width / (8 * across)) * component.across;
    const rows = Math.ceil(height / (8 * down)) * component.down;
    return {
      component,
      columns,
      rows,
      usedColumns: Math.ceil(Math.ceil((width * component.across) / across) / 8),
      usedRows: Math.ceil(Math.ceil((height * component.down) / down) / 8),
      values: new Int16Array(columns * rows * 64),
    };
  });
}

/** Reads the header of a scan (ITU-T T.81 B.2.3). */
export function parseScan(file: Buffer, segment: JpegSegment, all: readonly Coefficients[]): Scan {
  const count = file[segment.start] as number;
  const components = Array.from({ length: count }, (_, k) => {
    const id = file[segment.start + 1 + k * 2];
    const tables = file[segment.start + 2 + k * 2] as number;
    const coefficients = all.find(({ component }) => component.id === id);
    if (!coefficients) throw new Error(`A scan names the component ${id}, which the picture does not have.`);
    return { coefficients, dc: tables >> 4, ac: 0x10 | (tables & 15) };
  });
  const at = segment.start + 1 + count * 2;
  const bits = file[at + 2] as number;
  return { components, from: file[at] as number, to: file[at + 1] as number, high: bits >> 4, low: bits & 15 };
}

/** Calls `visit` for every block of a scan in its order; `restart` before each unit that begins a restart interval. */
export function walkScan(
  scan: Scan,
  interval: number,
  visit: (component: ScanComponent, block: number) => void,
  restart: () => void,
): void {
  const [only] = scan.components;
  if (!only) return;
  let units = 0;
  const next = () => {
    if (interval > 0 && units > 0 && units % interval === 0) restart();
    units += 1;
  };
  if (scan.components.length === 1) {
    // Alone in its scan, a component has no blocks beyond the picture.
    const { columns, usedColumns, usedRows } = only.coefficients;
    for (let row = 0; row < usedRows; row++) {
      for (let column = 0; column < usedColumns; column++) {
        next();
        visit(only, row * columns + column);
      }
    }
    return;
  }
  const { component, columns, rows } = only.coefficients;
  const unitColumns = columns / component.across;
  const unitCount = unitColumns * (rows / component.down);
  for (let unit = 0; unit < unitCount; unit++) {
    next();
    const unitRow = Math.floor(unit / unitColumns);
    const unitColumn = unit % unitColumns;
    for (const part of scan.components) {
      const { across, down } = part.coefficients.component;
      for (let y = 0; y < down; y++) {
        for (let x = 0; x < across; x++) {
          visit(part, (unitRow * down + y) * part.coefficients.columns + unitColumn * across + x);
        }
      }
    }
  }
}

export type Tables = ReadonlyMap<number, HuffmanTable>;

export function tableOf(tables: Tables, name: number): HuffmanTable {
  const table = tables.get(name);
  if (!table) throw new Error(`A scan uses the Huffman table ${name.toString(16)}, which the file does not define.`);
  return table;
}
