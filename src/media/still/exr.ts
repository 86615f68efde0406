import type { ByteSource } from './byte-source.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';
import { canUnpackExr } from './exr-packing.ts';
import type { StillInfo } from './still-info.ts';

/** How the samples of an OpenEXR file with scan lines (openexr.com, *OpenEXR File Layout*) lie in it. */
export interface ExrHeader extends StillInfo {
  /** In file order; a line holds all samples of the first, then of the next. */
  readonly channels: readonly ExrChannel[];
  /** The file's code: 0 none, 1 RLE, 2 and 3 ZIP, 4 PIZ, 5 PXR24, 6 and 7 B44, 8 and 9 DWA. */
  readonly compression: number;
  /** Number of the picture's first line. */
  readonly top: number;
  readonly linesPerChunk: number;
  /** Bytes of a line of all channels. */
  readonly lineBytes: number;
  /** Where the table of the chunks' places begins, bytes from the file's start. */
  readonly tableAt: number;
  /** Places of the chunks by rising line. */
  readonly places: readonly number[];
  /** Where the values of these attributes are. */
  readonly compressionAt: number;
  readonly lineOrderAt: number;
}

export interface ExrChannel {
  readonly name: string;
  readonly type: 'uint' | 'half' | 'float';
  /** Bytes of a line before this channel's samples. */
  readonly offset: number;
}

/** Lines of a chunk by compression. */
const LINES = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256] as const;
const COMPRESSIONS = ['none', 'RLE', 'ZIPS', 'ZIP', 'PIZ', 'PXR24', 'B44', 'B44A', 'DWAA', 'DWAB'] as const;
/** Sanity limit on a header. */
const LONGEST_HEADER = 1 << 24;
const FIRST_READ = 1 << 14;
const TILED = 0x200;
const DEEP_OR_MULTIPART = 0x1800;

interface Attribute {
  readonly type: string;
  readonly at: number;
  readonly value: Buffer;
}

/** Reads an EXR file's header and checks that all of its chunks are there. @throws DamagedStill */
export async function parseExr(source: ByteSource): Promise<ExrHeader> {
  const start = await source.read(0, Math.min(8, source.size));
  if (start.length < 8) throw new DamagedStill('is cut off before its header');
  if (start.readUInt32LE(0) !== 0x01312f76) throw new DamagedStill('is not an EXR file by its first bytes');
  const flags = start.readUInt32LE(4);
  if (flags & DEEP_OR_MULTIPART) throw new UnsupportedStill('is a deep or multi-part EXR, which is not supported');
  const { attributes, end } = await readAttributes(source);
  const need = (name: string, length: number): Attribute => {
    const attribute = attributes.get(name);
    if (!attribute || attribute.value.length < length) throw new DamagedStill(`lacks the EXR attribute ${name}`);
    return attribute;
  };
  const box = (name: string) => {
    const { value } = need(name, 16);
    return [0, 4, 8, 12].map((at) => value.readInt32LE(at)) as [number, number, number, number];
  };
  const data = box('dataWindow');
  const display = box('displayWindow');
  const width = display[2] - display[0] + 1;
  const height = display[3] - display[1] + 1;
  if (width < 1 || height < 1 || width > 1 << 17 || height > 1 << 17) {
    throw new DamagedStill(`has a damaged header (${width}×${height} pixels)`);
  }
  const compressionAttribute = need('compression', 1);
  const compression = compressionAttribute.value[0] as number;
  const linesPerChunk = LINES[compression];
  if (linesPerChunk === undefined) throw new DamagedStill(`has an unknown compression (${compression})`);
  const { channels, lineBytes, subsampled } = readChannels(need('channels', 1).value, width);
  const chunks = Math.ceil((data[3] - data[1] + 1) / linesPerChunk);
  const tiled = (flags & TILED) !== 0;
  const places = tiled ? [] : await readPlaces(source, end, chunks);

  const float = pixelFormatOf(channels);
  const fills = data.every((edge, k) => edge === display[k]);
  const repacked = !canUnpackExr(compression);
  const obstacle = tiled
    ? 'it is tiled'
    : !fills
      ? 'its picture (data window) does not just fill its frame (display window)'
      : float === null || subsampled
        ? `its channels (${channels.map(({ name, type }) => `${name} ${type}`).join(', ')}) cannot be written back`
        : repacked && channels.some(({ name }) => !/^[RGBAY]$/.test(name))
          ? `its compression (${COMPRESSIONS[compression]}) cannot be written, nor be replaced without losing channels`
          : null;
  return {
    width,
    height,
    orientation: 1,
    pixelFormat: subsampled ? null : float,
    transfer: 'linear',
    rate: rateOf(attributes.get('framesPerSecond')?.value),
    obstacle,
    note: repacked ? noteOf(COMPRESSIONS[compression] as string) : null,
    channels,
    compression,
    top: data[1],
    linesPerChunk,
    lineBytes,
    tableAt: end,
    places,
    compressionAt: compressionAttribute.at,
    lineOrderAt: need('lineOrder', 1).at,
  };
}

function noteOf(compression: string): string {
  const rounded = compression.startsWith('DWA') ? ', their samples rounded to the depth of their channels' : '';
  return `${compression} EXR stills come back with ZIP compression where they are changed${rounded}`;
}

async function readAttributes(source: ByteSource): Promise<{ attributes: Map<string, Attribute>; end: number }> {
  let head = await source.read(0, Math.min(FIRST_READ, source.size));
  const ensure = async (bytes: number) => {
    if (bytes <= head.length) return;
    if (bytes > source.size || bytes > LONGEST_HEADER) throw new DamagedStill('is cut off within its header');
    head = await source.read(0, Math.min(source.size, Math.max(bytes, head.length * 2)));
  };
  const attributes = new Map<string, Attribute>();
  let at = 8;
  const text = async () => {
    let end = head.indexOf(0, at);
    if (end < 0) {
      await ensure(at + 256);
      end = head.indexOf(0, at);
    }
    if (end < 0) throw new DamagedStill('is cut off within its header');
    const value = head.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  for (;;) {
    await ensure(at + 1);
    const name = await text();
    if (name === '') return { attributes, end: at };
    const type = await text();
    await ensure(at + 4);
    const length = head.readUInt32LE(at);
    await ensure(at + 4 + length);
    attributes.set(name, { type, at: at + 4, value: head.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
}

function readChannels(list: Buffer, width: number) {
  const channels: ExrChannel[] = [];
  let offset = 0;
  let subsampled = false;
  for (let at = 0; list[at]; ) {
    const end = list.indexOf(0, at);
    if (end < 0 || end + 17 > list.length) throw new DamagedStill('has a damaged list of channels');
    const type = (['uint', 'half', 'float'] as const)[list.readUInt32LE(end + 1)];
    if (!type) throw new DamagedStill('has a damaged list of channels');
    subsampled ||= list.readInt32LE(end + 9) !== 1 || list.readInt32LE(end + 13) !== 1;
    channels.push({ name: list.toString('latin1', at, end), type, offset });
    offset += width * (type === 'half' ? 2 : 4);
    at = end + 17;
  }
  return { channels, lineBytes: offset, subsampled };
}

async function readPlaces(source: ByteSource, at: number, chunks: number): Promise<number[]> {
  const table = await source.read(at, chunks * 8);
  const places = Array.from({ length: chunks }, (_, k) => Number(table.readBigUInt64LE(k * 8)));
  const beyond = places.findIndex((place) => place < at + chunks * 8 || place + 8 > source.size);
  if (beyond >= 0)
    throw new DamagedStill(`is cut off or was never finished: chunk ${beyond + 1} of ${chunks} is missing`);
  // Whatever cuts a file off cuts the chunk that lies last in it.
  const last = Math.max(...places);
  const length = (await source.read(last, 8)).readUInt32LE(4);
  if (last + 8 + length > source.size) {
    throw new DamagedStill(`is cut off: its last chunk ends at byte ${last + 8 + length}, the file has ${source.size}`);
  }
  return places;
}

function pixelFormatOf(channels: readonly ExrChannel[]): string | null {
  const has = (name: string) => channels.some((channel) => channel.name === name && channel.type !== 'uint');
  if (has('R') && has('G') && has('B')) return has('A') ? 'gbrapf32le' : 'gbrpf32le';
  return has('Y') && !channels.some(({ name }) => /^[RGBA]$/.test(name)) ? 'grayf32le' : null;
}

function rateOf(value: Buffer | undefined): { num: number; den: number } | null {
  if (!value || value.length < 8) return null;
  const [num, den] = [value.readInt32LE(0), value.readUInt32LE(4)];
  return den > 0 && num / den >= 1 && num / den <= 240 ? { num, den } : null;
}
