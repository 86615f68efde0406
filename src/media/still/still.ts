import { open } from 'node:fs/promises';
import type { Orientation } from '../../film/orientation.ts';
import type { Plate } from '../../film/plate.ts';
import type { FrameRange } from '../../film/range.ts';
import type { StillKind } from '../../film/reel.ts';
import { type ByteSource, bytesInFile, bytesInMemory } from './byte-source.ts';
import { DamagedStill } from './damaged-still.ts';
import { parseDpx } from './dpx.ts';
import { parseExr } from './exr.ts';
import { parseJpeg } from './jpeg.ts';
import { parsePng } from './png.ts';
import { spliceDpx } from './splice-dpx.ts';
import { spliceExr } from './splice-exr.ts';
import { spliceJpeg } from './splice-jpeg.ts';
import { splicePng } from './splice-png.ts';
import { spliceTiff } from './splice-tiff.ts';
import type { StillInfo } from './still-info.ts';
import { parseTiff } from './tiff.ts';

/** Rows of a still, which was turned by `orientation` when it was decoded; by none where it does not say. */
export interface StoredRows extends FrameRange {
  readonly orientation?: Orientation;
}

interface StillFormat {
  /** ffmpeg's demuxer for one file of this kind; it does not take a `%` in the name for a pattern. */
  readonly demuxer: string;
  parse(source: ByteSource): Promise<StillInfo>;
  /** A copy of a file in which the rows are the plate's. */
  splice(file: Buffer, plate: Plate, rows: StoredRows): Promise<Buffer>;
}

const FORMATS: Readonly<Record<StillKind, StillFormat>> = {
  dpx: formatOf('dpx_pipe', parseDpx, spliceDpx),
  tiff: formatOf('tiff_pipe', parseTiff, spliceTiff),
  png: formatOf('png_pipe', parsePng, splicePng),
  jpeg: formatOf('jpeg_pipe', parseJpeg, spliceJpeg),
  exr: formatOf('exr_pipe', parseExr, spliceExr),
};

function formatOf<Header extends StillInfo>(
  demuxer: string,
  parse: (source: ByteSource) => Promise<Header>,
  splice: (file: Buffer, header: Header, plate: Plate, rows: FrameRange) => Buffer | Promise<Buffer>,
): StillFormat {
  return {
    demuxer,
    parse,
    async splice(file, plate, rows) {
      const header = await parse(bytesInMemory(file));
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

/** Reads a still's header and checks that all of its picture is there. @throws DamagedStill when it is not */
export async function readStillInfo(path: string, kind: StillKind): Promise<StillInfo> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  return await FORMATS[kind].parse(bytesInFile(file, size));
}

/**
 * A copy of a still (`file`, all of its bytes) in which the samples of the rows `[rows.in, rows.out)` are those of the plate, as stored, in the
 * file's own depth, with its headers and everything else that its kind can hold. @throws DamagedStill
 */
export function spliceStill(kind: StillKind, file: Buffer, plate: Plate, rows: StoredRows): Promise<Buffer> {
  return FORMATS[kind].splice(file, plate, rows);
}

export function stillDemuxer(kind: StillKind): string {
  return FORMATS[kind].demuxer;
}
