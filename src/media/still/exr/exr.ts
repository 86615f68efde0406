import { type Rational, rational } from '../../../film/rational.ts';
import type { ByteSource } from '../byte-source.ts';
import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import { LARGEST_PICTURE } from '../picture-size.ts';
import type { StillInfo } from '../still-info.ts';
import { type ExrAttributes, NAME_LENGTHS, readAttributes } from './exr-attributes.ts';
import { dataBytes, headBytes } from './exr-chunk.ts';
import { choosePicture, deepError, type ExrPicture } from './exr-layer.ts';
import { canPackExr } from './exr-packing.ts';
import { COMPRESSIONS, type ExrPart, exrPart } from './exr-part.ts';

/** How the samples of an OpenEXR file (openexr.com, *OpenEXR File Layout*) lie in it. */
export interface ExrHeader extends StillInfo {
  readonly pixelFormat: 'gbrpf32le' | 'gbrapf32le' | 'grayf32le';
  readonly parts: readonly ExrPart[];
  /** True where each chunk names its part. */
  readonly multiPart: boolean;
  /** What is worked on. */
  readonly picture: ExrPicture;
  /** By part, where the table of its chunks' places begins, and the places: bytes from the file's start. */
  readonly tables: readonly ExrTable[];
}

export interface ExrTable {
  readonly at: number;
  readonly places: readonly number[];
}

const VERSION = 2;
const TILED = 0x200;
const LONG_NAMES = 0x400;
const DEEP = 0x800;
const MULTI_PART = 0x1000;
const KNOWN_FLAGS = TILED | LONG_NAMES | DEEP | MULTI_PART;

/**
 * Reads an EXR file's headers and tables and checks that all of its chunks are there.
 *
 * @param layer the layer to work on, see `choosePicture`
 * @throws DamagedStill
 */
export async function parseExr(source: ByteSource, layer?: string): Promise<ExrHeader> {
  const start = await source.read(0, Math.min(8, source.size));
  if (start.length < 8) throw new DamagedStill('is cut off before its header');
  if (start.readUInt32LE(0) !== 0x01312f76) throw new DamagedStill('is not an EXR file by its first bytes');
  const word = start.readUInt32LE(4);
  const flags = word & ~0xff;
  if ((word & 0xff) !== VERSION || flags & ~KNOWN_FLAGS || (flags & MULTI_PART && flags & TILED)) {
    throw new UnsupportedStill(
      `is of an unknown version of EXR (${word & 0xff}, flags 0x${flags.toString(16)}). Save it as EXR 2`,
    );
  }
  const multiPart = (flags & MULTI_PART) !== 0;
  if (flags & DEEP && !multiPart) throw deepError();
  const { headers, end } = await readAttributes(source, {
    parts: multiPart ? 'several' : 'one',
    longest: flags & LONG_NAMES ? NAME_LENGTHS.long : NAME_LENGTHS.short,
  });
  if (headers.length === 0) throw new DamagedStill('has no parts');
  const parts = headers.map((attributes, index) =>
    exrPart(attributes, index, multiPart ? null : flags & TILED ? 'tiles' : 'scan lines'),
  );
  const picture = choosePicture(parts, layer);
  const tables = await readTables(source, parts, { at: end, multiPart });
  const { part } = picture;
  const { width, height } = part.display;
  if (width * height > LARGEST_PICTURE) {
    throw new UnsupportedStill(
      `shows a frame (display window) of ${width}×${height} pixels, more than are worked on. Crop its display window`,
    );
  }
  const plainNames = (flags & LONG_NAMES) === 0 && !multiPart;
  return {
    width,
    height,
    orientation: 1,
    pixelFormat: picture.channels.has('Y') ? 'grayf32le' : picture.channels.has('A') ? 'gbrapf32le' : 'gbrpf32le',
    transfer: 'linear',
    rate: rateOf(part.attributes) ?? rateOf((parts[0] as ExrPart).attributes),
    obstacle: null,
    note: notesOf(part),
    ...(plainNames && isPlain(picture) ? {} : { unpacked: { colour: {} } }),
    remarks: remarksOf(picture),
    parts,
    multiPart,
    picture,
    tables,
  };
}

/** True where ffmpeg decodes it rightly. */
function isPlain({ part, layer }: ExrPicture): boolean {
  const { data, display, channels, compression } = part;
  return (
    layer === '' &&
    part.storage === 'scan lines' &&
    [display.left, display.top, data.left, data.top].every((edge) => edge === 0) &&
    data.width === display.width &&
    data.height === display.height &&
    /^(A,)?B,G,R$|^Y$/.test(channels.map(({ name }) => name).join()) &&
    channels.every(
      ({ type, stepX, stepY, logarithmic }) =>
        type !== 'uint' && type === channels[0]?.type && stepX === 1 && stepY === 1 && !logarithmic,
    ) &&
    // ffmpeg 5.1 fails at blocks that are not whole.
    !(COMPRESSIONS[compression] as string).startsWith('DWA')
  );
}

function notesOf(part: ExrPart): string | null {
  const notes: string[] = [];
  if (!canPackExr(part.compression)) {
    const compression = COMPRESSIONS[part.compression] as string;
    notes.push(`${compression} EXR stills come back with ZIP compression where they are changed`);
  }
  if (part.levels.length > 1) {
    notes.push('of EXR stills with several levels only the full picture is changed; the smaller ones stay as they are');
  }
  return notes.length > 0 ? notes.join('; ').replace(/^o/, 'O') : null;
}

function remarksOf({ part, layer, channels, others }: ExrPicture): string[] {
  const { data, display } = part;
  const names = part.channels.map(({ name }) => name);
  const right = (window: typeof data) => window.left + window.width;
  const bottom = (window: typeof data) => window.top + window.height;
  const lacks =
    data.left > display.left ||
    data.top > display.top ||
    right(data) < right(display) ||
    bottom(data) < bottom(display);
  const exceeds =
    data.left < display.left ||
    data.top < display.top ||
    right(data) > right(display) ||
    bottom(data) > bottom(display);
  const chosen = layer === '' ? 'the channels without a layer are' : `the layer "${layer}" is`;
  const rest = others.length > 0 ? `; ${others.map((name) => `"${name}"`).join(', ')} may be chosen with --layer` : '';
  const grey = channels.get('Y');
  return [
    ...(layer !== '' || others.length > 0
      ? [`Of the EXR stills ${chosen} worked on, the rest stays as it is${rest}.`]
      : []),
    ...(grey !== undefined && names.length > 1 && layer === ''
      ? [
          `Of the EXR stills the channel ${names[grey]} alone is worked on, as a grey picture; ${names.filter((_, k) => k !== grey).join(', ')} stay as they are.`,
        ]
      : []),
    ...(lacks
      ? ['Where EXR stills have no samples (outside their data window) the frame is black and stays as it is.']
      : []),
    ...(exceeds
      ? ['EXR stills reach beyond their frame (display window); what lies outside is not looked at and stays as it is.']
      : []),
  ];
}

async function readTables(
  source: ByteSource,
  parts: readonly ExrPart[],
  { at: from, multiPart }: { readonly at: number; readonly multiPart: boolean },
): Promise<ExrTable[]> {
  const chunks = parts.reduce((sum, part) => sum + part.chunks, 0);
  const end = from + chunks * 8;
  if (end > source.size) {
    throw new DamagedStill(
      `is cut off: its table of ${chunks} chunks ends at byte ${end}, the file has ${source.size}`,
    );
  }
  const bytes = await source.read(from, chunks * 8);
  const all = Array.from({ length: chunks }, (_, k) => Number(bytes.readBigUInt64LE(k * 8)));
  if (all.every((place) => place === 0)) throw new DamagedStill('was never finished: its table of chunks is empty');
  const beyond = all.findIndex((place) => place < end || place + 8 > source.size);
  if (beyond >= 0) {
    throw new DamagedStill(`is cut off or was never finished: chunk ${beyond + 1} of ${chunks} is missing`);
  }
  if (new Set(all).size < chunks) throw new DamagedStill('is damaged: its table names a chunk twice');
  const tables: ExrTable[] = [];
  let at = 0;
  for (const part of parts) {
    tables.push({ at: from + at * 8, places: all.slice(at, at + part.chunks) });
    at += part.chunks;
  }
  await checkLast(source, parts, tables, multiPart);
  return tables;
}

/** Whatever cuts a file off cuts the chunk that lies last in it. */
async function checkLast(
  source: ByteSource,
  parts: readonly ExrPart[],
  tables: readonly ExrTable[],
  multiPart: boolean,
): Promise<void> {
  const lasts = tables.map(({ places }) => places.reduce((most, place) => Math.max(most, place), 0));
  const last = lasts.reduce((most, place) => Math.max(most, place), 0);
  const part = parts[lasts.indexOf(last)] as ExrPart;
  const size = headBytes(part, multiPart);
  if (last + size > source.size) throw new DamagedStill('is cut off within its last chunk');
  const end = last + size + dataBytes(part, await source.read(last, size));
  if (end > source.size) {
    throw new DamagedStill(`is cut off: its last chunk ends at byte ${end}, the file has ${source.size}`);
  }
}

function rateOf(attributes: ExrAttributes): Rational | null {
  const value = attributes.get('framesPerSecond')?.value;
  if (!value || value.length < 8) return null;
  const [num, den] = [value.readInt32LE(0), value.readUInt32LE(4)];
  return den > 0 && num / den >= 1 && num / den <= 240 ? rational(num, den) : null;
}
