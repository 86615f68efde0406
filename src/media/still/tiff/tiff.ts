import { orientationOf } from '../../../film/orientation.ts';
import type { ByteSource } from '../byte-source.ts';
import { DamagedStill, UnsupportedStill } from '../damaged-still.ts';
import { checkPictureSize } from '../picture-size.ts';
import type { StillInfo } from '../still-info.ts';
import {
  firstValue,
  readDirectories,
  type TiffDirectoryPlace,
  type TiffField,
  type TiffForm,
} from './tiff-directory.ts';
import { GRID_TAGS, type TiffChunk, type TiffGrid, tiffChunks, tiffGrid } from './tiff-grid.ts';
import { canPack, compressionName } from './tiff-packing.ts';
import { choosePage } from './tiff-page.ts';

/** How the samples of a TIFF file's picture (TIFF 6.0, Adobe 1992) lie in it. */
export interface TiffHeader extends StillInfo {
  readonly form: TiffForm;
  /** Bits of a sample: 8, 10, 12, 14 or 16. */
  readonly bits: number;
  /** Samples of a pixel: one of grey or three of colour, then alpha and others. */
  readonly samples: number;
  /** One plane after another instead of pixel after pixel. */
  readonly planar: boolean;
  /** 0 is white. */
  readonly inverted: boolean;
  /** Rows are stored as differences of neighbouring pixels. */
  readonly differenced: boolean;
  /** Bytes are stored with their first bit lowest. */
  readonly bitsReversed: boolean;
  /** The file's code: 1 none, 5 LZW, 8 and 32946 deflate, 32773 packbits. */
  readonly compression: number;
  readonly grid: TiffGrid;
  /** Strips or tiles in rows from the top; with planar samples those of the first plane come first. */
  readonly chunks: readonly TiffChunk[];
  /** Where the directory keeps the chunks' places and lengths; lengths need not be there where nothing is packed. */
  readonly offsets: TiffField;
  readonly lengths: TiffField | undefined;
  /** Of the picture's directory. */
  readonly place: TiffDirectoryPlace;
}

const TAG = {
  subfile: 254,
  oldSubfile: 255,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  orientation: 274,
  samples: 277,
  planar: 284,
  predictor: 317,
  sampleFormat: 339,
} as const;
const WANTED: ReadonlySet<number> = new Set([...Object.values(TAG), ...GRID_TAGS]);
/** Those of more and of other bits ffmpeg (seen in 5.1) would take for others. */
const READ_DEPTHS: ReadonlySet<number> = new Set([1, 2, 4, 8, 10, 12, 14, 16]);
/** Grey, RGB, palette and YCbCr; others ffmpeg would take for these. */
const READ_PHOTOMETRICS: ReadonlySet<number> = new Set([0, 1, 2, 3, 6]);

/** Reads and checks a TIFF file's directories; the picture itself is not read. @throws DamagedStill */
export async function parseTiff(source: ByteSource): Promise<TiffHeader> {
  const { form, directories, places } = await readDirectories(source, WANTED);
  const { directory, page, remark } = choosePage(directories);
  const one = (tag: number, otherwise?: number) => firstValue(directory, tag, otherwise);
  const width = one(TAG.width);
  const height = one(TAG.height);
  checkPictureSize({ width, height });
  const samples = one(TAG.samples, 1);
  const depths = directory.get(TAG.bits)?.values ?? [1];
  const bits = one(TAG.bits, 1);
  if (samples === 0 || samples > 64 || bits === 0 || bits > 64) {
    throw new DamagedStill(`has a damaged header (${samples} samples of ${bits} bits a pixel)`);
  }
  const planar = one(TAG.planar, 1) === 2 && samples > 1;
  const compression = one(TAG.compression, 1);
  const photometric = one(TAG.photometric, samples >= 3 ? 2 : 1);
  const predictor = compression === 1 ? 1 : one(TAG.predictor, 1);
  const bitsReversed = one(TAG.fillOrder, 1) === 2;
  const kinds = directory.get(TAG.sampleFormat)?.values ?? [1];
  const whole = kinds.every((kind) => kind === 1 || kind === 4);
  const even = depths.every((depth) => depth === bits);
  const pixelFormat =
    whole && even ? formatOf(photometric, { samples, bits, planar, bigEndian: form.bigEndian }) : null;
  const grid = tiffGrid(directory, { width, height });
  const pixelBits = depths.length === samples ? depths.reduce((sum, depth) => sum + depth, 0) : bits * samples;
  const rowBytes = Math.ceil((grid.width * (planar ? bits : pixelBits)) / 8);
  const { chunks, offsets, lengths } = tiffChunks(source, directory, grid, {
    planes: planar ? samples : 1,
    rowBytes,
    height,
    compression,
  });
  const said = describeSamples({ bits, samples, photometric, whole });
  if (!whole || !READ_DEPTHS.has(bits) || !READ_PHOTOMETRICS.has(photometric)) {
    throw new UnsupportedStill(
      `is a TIFF of samples that are not read (${said}); save it as grey or RGB of 8 or 16 bits`,
    );
  }
  const obstacle =
    pixelFormat === null
      ? `its samples (${said}) cannot be written back`
      : !canPack(compression) || predictor > 2 || (predictor === 2 && bits % 8 !== 0)
        ? `its compression (${compressionName(compression)}, predictor ${predictor}) cannot be written back`
        : !lengths && compression !== 1
          ? 'it does not say how long its packed strips are'
          : null;
  // What ffmpeg (seen in 5.1) does not read, or reads otherwise.
  const ours = [
    ...(grid.tiled ? ['tiles'] : []),
    ...(form.big ? ['BigTIFF'] : []),
    ...(page > 0 ? [`its picture on page ${page + 1}`] : []),
    ...(bits === 10 || bits === 12 || bits === 14 ? [`${bits} bits`] : []),
    ...(bitsReversed ? ['reversed bits'] : []),
    ...(pixelFormat !== null && samples > mostFor(photometric, planar) ? [`${samples} samples a pixel`] : []),
  ];
  if (ours.length > 0 && obstacle !== null) {
    throw new UnsupportedStill(
      `is a TIFF with ${ours.join(', ')}, which is read only where samples are grey or RGB of 8, 10, 12, 14 or 16 bits, packed with LZW, deflate, PackBits or not at all; ${obstacle}`,
    );
  }
  return {
    width,
    height,
    orientation: orientationOf(directory.get(TAG.orientation)?.values[0]),
    pixelFormat,
    transfer: null,
    rate: null,
    obstacle,
    note: null,
    ...(ours.length > 0 ? { unpacked: { colour: {} } } : {}),
    ...(remark === null ? {} : { remarks: [remark] }),
    form,
    bits,
    samples,
    planar,
    inverted: photometric === 0,
    differenced: predictor === 2,
    bitsReversed,
    compression,
    grid,
    chunks,
    offsets,
    lengths,
    place: places[page] as TiffDirectoryPlace,
  };
}

/** Samples that a pixel may have so that ffmpeg reads it: alpha beside grey only where 0 is black, and both lie together. */
function mostFor(photometric: number, planar: boolean): number {
  return photometric === 2 ? 4 : photometric === 1 && !planar ? 2 : 1;
}

/** The pixel format of what can be written back, ffmpeg's where it decodes it; null otherwise. */
function formatOf(
  photometric: number,
  { samples, bits, planar, bigEndian }: Pick<TiffHeader, 'samples' | 'bits' | 'planar'> & Pick<TiffForm, 'bigEndian'>,
): string | null {
  if (![8, 10, 12, 14, 16].includes(bits)) return null;
  const order = bits === 16 ? (bigEndian ? 'be' : 'le') : '';
  if (photometric === 2) {
    if (samples < 3) return null;
    // No pixel format has 14 bits and alpha; of more than four samples nobody says which is alpha.
    const alpha = samples === 4 && bits !== 14;
    if (bits !== 8 && bits !== 16) return `gbr${alpha ? 'a' : ''}p${bits}le`;
    if (planar) return `gbr${alpha ? 'a' : ''}p${bits === 16 ? `16${order}` : ''}`;
    return alpha ? (bits === 16 ? `rgba64${order}` : 'rgba') : bits === 16 ? `rgb48${order}` : 'rgb24';
  }
  if (photometric > 1) return null;
  if (bits !== 8 && bits !== 16) return `gray${bits}le`;
  if (samples === 2 && photometric === 1 && !planar) return `ya${bits}${order}`;
  return bits === 16 ? `gray16${order}` : 'gray';
}

const PHOTOMETRIC: Readonly<Record<number, string>> = {
  0: 'grey',
  1: 'grey',
  2: 'RGB',
  3: 'a palette',
  4: 'a mask',
  5: 'CMYK',
  6: 'YCbCr',
  8: 'CIELab',
  9: 'ICCLab',
  32803: 'raw sensor data',
  32844: 'LogL',
  32845: 'LogLuv',
};

function describeSamples(said: {
  readonly bits: number;
  readonly samples: number;
  readonly photometric: number;
  readonly whole: boolean;
}): string {
  const colours = `photometric ${said.photometric}, ${PHOTOMETRIC[said.photometric] ?? 'unknown'}`;
  return `${said.bits} bits, ${said.samples} a pixel, ${colours}${said.whole ? '' : ', float or signed'}`;
}
