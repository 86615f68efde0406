import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import type { ExrAttribute, ExrAttributes } from './exr-attributes.ts';

/** Pixels `[left, left + width)` × `[top, top + height)` in a file's own coordinates, which may be negative. */
export interface ExrWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** By the file's code. */
export const SAMPLE_TYPES = ['uint', 'half', 'float'] as const;

export interface ExrChannel {
  readonly name: string;
  readonly type: (typeof SAMPLE_TYPES)[number];
  /** The channel has samples where x and y are multiples of these. */
  readonly stepX: number;
  readonly stepY: number;
  /** True where B44 has stored logarithms. */
  readonly logarithmic: boolean;
}

/** A picture of a part: the full one, or a smaller copy for textures. */
export interface ExrLevel {
  /** How often it was halved in width and height. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Place of its first chunk in the table. */
  readonly firstChunk: number;
}

/** One picture of an OpenEXR file with its own header; most files have one part. */
export interface ExrPart {
  /** Place among the parts. */
  readonly index: number;
  /** Empty in a file of one part without a name. */
  readonly name: string;
  readonly storage: 'scan lines' | 'tiles' | 'deep scan lines' | 'deep tiles';
  readonly attributes: ExrAttributes;
  /** In file order: a line holds all samples of the first, then of the next. None in a deep part. */
  readonly channels: readonly ExrChannel[];
  /** The file's code, an index of `COMPRESSIONS`. */
  readonly compression: number;
  readonly data: ExrWindow;
  readonly display: ExrWindow;
  /** Size of a chunk: that of a tile; of scan lines, the whole width. */
  readonly chunkWidth: number;
  readonly chunkHeight: number;
  /** The full picture, and smaller ones, in the order of the table. None in a deep part. */
  readonly levels: readonly ExrLevel[];
  /** Chunks of all levels. */
  readonly chunks: number;
}

/** Names by the file's code. */
export const COMPRESSIONS = ['none', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'B44', 'B44A', 'DWAA', 'DWAB'] as const;
/** Scan lines of a chunk by compression. */
export const SCAN_LINES = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256] as const;
const STORAGES = {
  scanlineimage: 'scan lines',
  tiledimage: 'tiles',
  deepscanline: 'deep scan lines',
  deeptile: 'deep tiles',
} as const;
/** Sanity limits: of a side of a window, and of the bytes that a chunk unpacks to. */
const LONGEST_SIDE = 1 << 20;
const LARGEST_CHUNK = 2 ** 30;

/** Reads one header. `single` says how a file of one part is stored; a part of several says it itself. @throws DamagedStill */
export function exrPart(attributes: ExrAttributes, index: number, single: 'scan lines' | 'tiles' | null): ExrPart {
  const storage = single ?? storageOf(attributes);
  const data = windowOf(attributes, 'dataWindow');
  const display = windowOf(attributes, 'displayWindow');
  const compression = needed(attributes, 'compression', 1).value[0] as number;
  const order = needed(attributes, 'lineOrder', 1).value[0] as number;
  if (order > 2) throw new DamagedStill(`has an unknown order of lines (${order})`);
  const common = { index, name: textOf(attributes.get('name')), storage, attributes, compression, data, display };
  if (storage === 'deep scan lines' || storage === 'deep tiles') {
    const chunks = needed(attributes, 'chunkCount', 4).value.readInt32LE();
    if (chunks < 1) throw new DamagedStill(`has a damaged count of chunks (${chunks})`);
    return { ...common, channels: [], chunkWidth: 0, chunkHeight: 0, levels: [], chunks };
  }
  const lines = SCAN_LINES[compression];
  if (lines === undefined) {
    throw new UnsupportedStill(
      `has compression ${compression}, which is not read. Save it with ZIP compression, which is lossless`,
    );
  }
  const channels = channelsOf(needed(attributes, 'channels', 1).value);
  const grid = storage === 'tiles' ? tileGrid(attributes, data) : lineGrid(data, lines);
  if (storage === 'tiles' && channels.some(({ stepX, stepY }) => stepX !== 1 || stepY !== 1)) {
    throw new DamagedStill('has tiles of subsampled channels, which OpenEXR does not allow');
  }
  const pixels = Math.min(grid.chunkWidth, data.width) * Math.min(grid.chunkHeight, data.height);
  if (pixels * 4 * channels.length > LARGEST_CHUNK) {
    throw new DamagedStill(`has a damaged header (a chunk of ${pixels} pixels and ${channels.length} channels)`);
  }
  const count = attributes.get('chunkCount')?.value;
  if (count && (count.length < 4 || count.readInt32LE() !== grid.chunks)) {
    throw new DamagedStill(`has a damaged count of chunks: its picture has ${grid.chunks}`);
  }
  return { ...common, channels, ...grid };
}

/** An attribute that is there and has as many bytes. @throws DamagedStill */
export function needed(attributes: ExrAttributes, name: string, length: number): ExrAttribute {
  const attribute = attributes.get(name);
  if (!attribute || attribute.value.length < length) throw new DamagedStill(`lacks the EXR attribute ${name}`);
  return attribute;
}

function storageOf(attributes: ExrAttributes): ExrPart['storage'] {
  const type = textOf(needed(attributes, 'type', 1));
  const storage = Object.entries(STORAGES).find(([name]) => name === type)?.[1];
  if (!storage) throw new UnsupportedStill(`has a part of the unknown type "${type}"`);
  return storage;
}

function textOf(attribute: ExrAttribute | undefined): string {
  return attribute?.value.toString('utf8').replace(/\0.*$/s, '') ?? '';
}

function windowOf(attributes: ExrAttributes, name: string): ExrWindow {
  const { value } = needed(attributes, name, 16);
  const [left, top, right, bottom] = [0, 4, 8, 12].map((at) => value.readInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const window = { left, top, width: right - left + 1, height: bottom - top + 1 };
  if (window.width < 1 || window.height < 1 || window.width > LONGEST_SIDE || window.height > LONGEST_SIDE) {
    throw new DamagedStill(`has a damaged header (a ${name} of ${window.width}×${window.height} pixels)`);
  }
  return window;
}

interface Grid extends Pick<ExrPart, 'chunkWidth' | 'chunkHeight' | 'levels' | 'chunks'> {}

/** Chunks of `lines` whole lines each. */
export function lineGrid({ width, height }: ExrWindow, lines: number) {
  const levels = [{ x: 0, y: 0, width, height, firstChunk: 0 }] as const;
  return { chunkWidth: width, chunkHeight: lines, levels, chunks: Math.ceil(height / lines) } satisfies Grid;
}

/** Tiles of all levels (openexr.com, *Technical Introduction*, Levels of Resolution). */
function tileGrid(attributes: ExrAttributes, { width, height }: ExrWindow): Grid {
  const { value } = needed(attributes, 'tiles', 9);
  const chunkWidth = value.readUInt32LE(0);
  const chunkHeight = value.readUInt32LE(4);
  const mode = (value[8] as number) & 15;
  const rounding = (value[8] as number) >> 4;
  if (chunkWidth < 1 || chunkHeight < 1 || mode > 2 || rounding > 1) {
    throw new DamagedStill('has a damaged description of its tiles');
  }
  const round = rounding === 0 ? Math.floor : Math.ceil;
  const halvings = (side: number) => [...Array(mode === 0 ? 1 : round(Math.log2(side)) + 1).keys()];
  // One level, levels halved in both directions alike, or in each by itself.
  const sizes =
    mode === 2
      ? halvings(height).flatMap((y) => halvings(width).map((x) => ({ x, y })))
      : halvings(Math.max(width, height)).map((k) => ({ x: k, y: k }));
  const levels: ExrLevel[] = [];
  let chunks = 0;
  for (const { x, y } of sizes) {
    const size = { width: Math.max(1, round(width / 2 ** x)), height: Math.max(1, round(height / 2 ** y)) };
    levels.push({ x, y, ...size, firstChunk: chunks });
    chunks += Math.ceil(size.width / chunkWidth) * Math.ceil(size.height / chunkHeight);
  }
  return { chunkWidth, chunkHeight, levels, chunks };
}

function channelsOf(list: Buffer): ExrChannel[] {
  const channels: ExrChannel[] = [];
  let before: Buffer | undefined;
  for (let at = 0; list[at]; ) {
    const end = list.indexOf(0, at);
    if (end < 0 || end + 17 > list.length) throw new DamagedStill('has a damaged list of channels');
    const type = SAMPLE_TYPES[list.readUInt32LE(end + 1)];
    const [stepX, stepY] = [list.readInt32LE(end + 9), list.readInt32LE(end + 13)];
    if (!type || stepX < 1 || stepY < 1) throw new DamagedStill('has a damaged list of channels');
    const name = list.subarray(at, end);
    // Readers that sort the names and readers that do not would find other samples in such a file.
    if (before && before.compare(name) >= 0) {
      throw new DamagedStill(`lists channel ${name.toString()} out of order or twice`);
    }
    before = name;
    channels.push({ name: name.toString(), type, stepX, stepY, logarithmic: list[end + 5] !== 0 });
    at = end + 17;
  }
  if (channels.length === 0) throw new DamagedStill('has no channels');
  return channels;
}
