import { open, readFile } from 'node:fs/promises';
import type { Orientation } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { StillKind } from '../../film/reel.ts';
import { type ByteSource, bytesInFile, bytesInMemory } from './byte-source.ts';
import { DamagedStill, UnsupportedStill } from './damaged-still.ts';
import { parseDpx } from './dpx/dpx.ts';
import { spliceDpx } from './dpx/splice-dpx.ts';
import { unpackDpx } from './dpx/unpack-dpx.ts';
import { parseExr } from './exr/exr.ts';
import { spliceExr } from './exr/splice-exr.ts';
import { unpackExr } from './exr/unpack-exr.ts';
import { parseJpeg } from './jpeg/jpeg.ts';
import { spliceJpeg } from './jpeg/splice-jpeg.ts';
import { parsePng } from './png/png.ts';
import { splicePng } from './png/splice-png.ts';
import type { StillInfo } from './still-info.ts';
import { spliceTiff } from './tiff/splice-tiff.ts';
import { parseTiff } from './tiff/tiff.ts';
import { unpackTiff } from './tiff/unpack-tiff.ts';

/** A still that was read without ffmpeg. */
export interface UnpackedStill {
  readonly info: StillInfo;
  /** Its picture in planes, as `sampleFormat(info.pixelFormat)` says. */
  readonly bytes: Uint8Array;
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
  /** The picture of a file that ffmpeg does not read, or not rightly; absent where ffmpeg reads all that is read at all. */
  unpack?(file: Buffer, layer?: string): Promise<UnpackedStill>;
}

const FORMATS: Readonly<Record<StillKind, StillFormat>> = {
  dpx: { ...formatOf('dpx_pipe', parseDpx, spliceDpx), unpack: unpackerOf(parseDpx, unpackDpx) },
  tiff: { ...formatOf('tiff_pipe', parseTiff, spliceTiff), unpack: unpackerOf(parseTiff, unpackTiff) },
  png: formatOf('png_pipe', parsePng, splicePng),
  jpeg: formatOf('jpeg_pipe', parseJpeg, spliceJpeg),
  exr: { ...formatOf('exr_pipe', parseExr, spliceExr), unpack: unpackerOf(parseExr, unpackExr) },
};

function formatOf<Header extends StillInfo>(
  demuxer: string,
  parse: (source: ByteSource, layer?: string) => Promise<Header>,
  splice: (file: Buffer, header: Header, plate: Plate, rows: FrameRange) => Buffer | Promise<Buffer>,
): StillFormat {
  return {
    demuxer,
    parse,
    async splice(file, plate, rows) {
      const header = await parse(bytesInMemory(file), rows.layer);
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
    },
  };
}

function unpackerOf<Header extends StillInfo>(
  parse: (source: ByteSource, layer?: string) => Promise<Header>,
  unpack: (file: Buffer, header: Header) => Uint8Array | Promise<Uint8Array>,
) {
  return async (file: Buffer, layer?: string): Promise<UnpackedStill> => {
    const header = await parse(bytesInMemory(file), layer);
    return { info: header, bytes: await unpack(file, header) };
  };
}

/** Bytes of the largest file that Node.js reads as a whole, as a still is to be changed. */
const LARGEST_FILE = 2 ** 31 - 1;

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

/** Reads the picture of a still whose header says that it is `unpacked`. @throws DamagedStill */
export async function unpackStill(path: string, kind: StillKind, layer?: string): Promise<UnpackedStill> {
  const { unpack } = FORMATS[kind];
  if (!unpack) throw new TypeError(`Stills of kind ${kind} are read by ffmpeg.`);
  return await unpack(await readFile(path), layer);
}

export function stillDemuxer(kind: StillKind): string {
  return FORMATS[kind].demuxer;
}
