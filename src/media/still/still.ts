import { open, readFile } from 'node:fs/promises';
import type { ColourTags } from '../../film/colour.ts';
import type { Orientation } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { StillKind } from '../../film/reel.ts';
import type { Declaration, Declared } from '../declaration.ts';
import { type ByteSource, bytesInFile, bytesInMemory } from './byte-source.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';
import { declareDpx } from './dpx/declare-dpx.ts';
import { parseDpx } from './dpx/dpx.ts';
import { spliceDpx } from './dpx/splice-dpx.ts';
import { unpackDpx } from './dpx/unpack-dpx.ts';
import { declareExr } from './exr/declare-exr.ts';
import { parseExr } from './exr/exr.ts';
import { spliceExr } from './exr/splice-exr.ts';
import { unpackExr } from './exr/unpack-exr.ts';
import { declareJpeg } from './jpeg/declare-jpeg.ts';
import { parseJpeg } from './jpeg/jpeg.ts';
import { jpegColour } from './jpeg/jpeg-colour.ts';
import { spliceJpeg } from './jpeg/splice-jpeg.ts';
import { unpackJpeg } from './jpeg/unpack-jpeg.ts';
import { declarePng } from './png/declare-png.ts';
import { parsePng } from './png/png.ts';
import { splicePng } from './png/splice-png.ts';
import { isPlainPng, unpackPng } from './png/unpack-png.ts';
import type { StillInfo } from './still-info.ts';
import { declareTiff } from './tiff/declare-tiff.ts';
import { spliceTiff } from './tiff/splice-tiff.ts';
import { parseTiff } from './tiff/tiff.ts';
import { unpackTiff } from './tiff/unpack-tiff.ts';

/** A still that was read without ffmpeg. */
export interface UnpackedStill {
  readonly info: StillInfo;
  /** Its picture in planes, as `sampleFormat(info.pixelFormat)` says. */
  readonly bytes: Uint8Array;
}

/** A still whose whole file is in memory. */
export interface OpenedStill {
  readonly info: StillInfo;
  /** How this program reads it; null where only ffmpeg does. */
  readonly own: {
    /** As far as it matters to what is made of the picture: RGB has no matrix, and is of full range where nothing else is said. */
    readonly colour: ColourTags;
    /** Its picture in planes, as `sampleFormat(info.pixelFormat)` says. @throws DamagedStill */
    unpack(): Promise<Uint8Array>;
  } | null;
  /** See `spliceStill`. */
  splice(plate: Plate, rows: StoredRows): Promise<Buffer>;
}

/** Rows of a still, or of one of its layers, that was turned by `orientation` when it was decoded; by none where it does not say. */
export interface StoredRows extends FrameRange {
  readonly orientation?: Orientation;
  readonly layer?: string;
}

interface StillFormat {
  /** ffmpeg's demuxer for one file of this kind; it does not take a `%` in the name for a pattern. */
  readonly demuxer: string;
  /** @param layer the one to work on, where the kind has layers */
  parse(source: ByteSource, layer?: string): Promise<StillInfo>;
  /** A copy of a file in which the rows are the plate's. */
  splice(file: Buffer, plate: Plate, rows: StoredRows): Promise<Buffer>;
  /** The picture of a file, by this program. @throws UnsupportedStill for a form that only ffmpeg reads */
  unpack(file: Buffer, layer?: string): Promise<UnpackedStill>;
  open(file: Buffer, layer?: string): Promise<OpenedStill>;
  /** A copy of a file that declares that it was altered. */
  declare(file: Buffer, declaration: Declaration, layer?: string): Promise<Declared<Buffer>>;
}

const FORMATS: Readonly<Record<StillKind, StillFormat>> = {
  dpx: formatOf('dpx_pipe', {
    parse: parseDpx,
    splice: spliceDpx,
    declare: (file, _header, declaration) => declareDpx(file, declaration),
    unpack: unpackDpx,
    // Of YUV, ffmpeg knows the range by more than the header's fields.
    ownColour: ({ layout, unpacked }) => unpacked?.colour ?? (layout.components.includes('R') ? {} : null),
  }),
  tiff: formatOf('tiff_pipe', {
    parse: parseTiff,
    splice: spliceTiff,
    declare: declareTiff,
    unpack: unpackTiff,
    ownColour: ({ pixelFormat, obstacle }) => (pixelFormat !== null && obstacle === null ? {} : null),
  }),
  png: formatOf('png_pipe', {
    parse: parsePng,
    splice: splicePng,
    declare: declarePng,
    unpack: unpackPng,
    ownColour: (header) => (isPlainPng(header) ? {} : null),
  }),
  jpeg: formatOf('jpeg_pipe', {
    parse: parseJpeg,
    splice: spliceJpeg,
    declare: declareJpeg,
    unpack: unpackJpeg,
    ownColour: jpegColour,
  }),
  exr: formatOf('exr_pipe', {
    parse: parseExr,
    splice: spliceExr,
    declare: declareExr,
    unpack: unpackExr,
    ownColour: ({ unpacked }) => unpacked?.colour ?? {},
  }),
};

/** What a kind of still is read and written by. */
interface StillParts<Header extends StillInfo> {
  parse(source: ByteSource, layer?: string): Promise<Header>;
  splice(file: Buffer, header: Header, plate: Plate, rows: FrameRange): Buffer | Promise<Buffer>;
  declare(file: Buffer, header: Header, declaration: Declaration): Declared<Buffer>;
  unpack(file: Buffer, header: Header): Uint8Array | Promise<Uint8Array>;
  /** The colour of a picture that `unpack` reads, as far as it matters to what is made of it; null where only ffmpeg reads it. */
  ownColour(header: Header, file: Buffer): ColourTags | null;
}

function formatOf<Header extends StillInfo>(
  demuxer: string,
  { parse, splice, declare, unpack, ownColour }: StillParts<Header>,
): StillFormat {
  const spliced = async (file: Buffer, header: Header, plate: Plate, rows: StoredRows): Promise<Buffer> => {
    if (header.obstacle) throw new DamagedStill(`cannot be changed: ${header.obstacle}`);
    if (header.width !== plate.width || header.height !== plate.height) {
      throw new DamagedStill(
        `was ${plate.width}×${plate.height} when the reel was opened and is ${header.width}×${header.height} now`,
      );
    }
    const { orientation = 1 } = rows;
    if (orientation !== header.orientation) {
      throw new DamagedStill(
        `had orientation ${orientation} when the reel was opened and has ${header.orientation} now`,
      );
    }
    return splice(file, header, plate, rows);
  };
  return {
    demuxer,
    parse,
    async splice(file, plate, rows) {
      return spliced(file, await parse(bytesInMemory(file), rows.layer), plate, rows);
    },
    async declare(file, declaration, layer) {
      return declare(file, await parse(bytesInMemory(file), layer), declaration);
    },
    async unpack(file, layer) {
      const info = await parse(bytesInMemory(file), layer);
      return { info, bytes: await unpack(file, info) };
    },
    async open(file, layer) {
      const info = await parse(bytesInMemory(file), layer);
      const colour = ownColour(info, file);
      const own = colour && { colour, unpack: async () => unpack(file, info) };
      return { info, own, splice: (plate, rows) => spliced(file, info, plate, rows) };
    },
  };
}

/** Bytes of the largest file that Node.js reads as a whole, as a still is to be changed. */
export const LARGEST_FILE = 2 ** 31 - 1;

/** Reads a still's header and checks that all of its picture is there. @throws DamagedStill when it is not */
export async function readStillInfo(path: string, kind: StillKind, layer?: string): Promise<StillInfo> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > LARGEST_FILE) {
    throw new UnsupportedStill(`has ${size} bytes, and stills of less than 2 GiB are read; save it packed, or smaller`);
  }
  return await FORMATS[kind].parse(bytesInFile(file, size), layer);
}

/**
 * A copy of a still (`file`, all of its bytes) in which the samples of the rows `[rows.in, rows.out)` are those of the plate, as stored, in the
 * file's own depth, with its headers and everything else that its kind can hold. @throws DamagedStill
 */
export function spliceStill(kind: StillKind, file: Buffer, plate: Plate, rows: StoredRows): Promise<Buffer> {
  return FORMATS[kind].splice(file, plate, rows);
}

/**
 * A copy of a still (`file`, all of its bytes) that declares that it was altered, where its kind has a place for that which is empty: XMP of
 * PNG, JPEG and TIFF, the creator's field of DPX, an attribute of EXR. Its samples, and all else, stay. @throws DamagedStill
 */
export function declareStill(
  kind: StillKind,
  file: Buffer,
  declaration: Declaration,
  layer?: string,
): Promise<Declared<Buffer>> {
  return FORMATS[kind].declare(file, declaration, layer);
}

/** Reads the picture of a still whose header says that it is `unpacked`. @throws DamagedStill */
export async function unpackStill(path: string, kind: StillKind, layer?: string): Promise<UnpackedStill> {
  return await FORMATS[kind].unpack(await readFile(path), layer);
}

/** Opens a still that is in memory. @throws DamagedStill */
export function openStill(kind: StillKind, file: Buffer, layer?: string): Promise<OpenedStill> {
  return FORMATS[kind].open(file, layer);
}

export function stillDemuxer(kind: StillKind): string {
  return FORMATS[kind].demuxer;
}
