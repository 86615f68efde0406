import type { Orientation } from '../../../film/orientation.ts';
import type { ByteSource } from '../byte-source.ts';
import { DamagedStill } from '../damaged-still.ts';
import { exifOrientation } from '../exif.ts';
import type { StillInfo } from '../still-info.ts';

/** The parts of a JPEG file (ITU-T T.81). */
export interface JpegHeader extends StillInfo {
  readonly components: readonly JpegComponent[];
  /** Everything up to the end mark, in order. */
  readonly segments: readonly JpegSegment[];
}

export interface JpegComponent {
  readonly id: number;
  /** Blocks of a unit (MCU) across and down. */
  readonly across: number;
  readonly down: number;
  /** Which quantisation table it uses. */
  readonly table: number;
}

export interface JpegSegment {
  /** The marker's second byte, such as 0xda for the start of a scan. */
  readonly marker: number;
  /** Its data without marker and length: bytes `[start, end)` of the file. */
  readonly start: number;
  readonly end: number;
  /** Of a scan: where its entropy-coded data ends. */
  readonly scanEnd: number;
}

const SOF_NAMES: Readonly<Record<number, string>> = {
  194: 'progressive',
  195: 'lossless',
  201: 'arithmetic-coded',
  202: 'arithmetic-coded',
  203: 'arithmetic-coded',
};

/** ffmpeg's formats by the luma's blocks in a unit over the chroma's. */
const FORMATS: Readonly<Record<string, string>> = {
  '1×1': 'yuvj444p',
  '2×1': 'yuvj422p',
  '2×2': 'yuvj420p',
  '1×2': 'yuvj440p',
  '4×1': 'yuvj411p',
};

/** Reads a JPEG file's segments and walks through its scans to the end mark. @throws DamagedStill */
export async function parseJpeg(source: ByteSource): Promise<JpegHeader> {
  const file = await source.read(0, source.size);
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) {
    throw new DamagedStill(file.length < 4 ? 'is cut off before its header' : 'is not a JPEG file by its first bytes');
  }
  const segments = readSegments(file);
  const frame = segments.find(({ marker }) => isFrame(marker));
  if (!frame || frame.end - frame.start < 9) throw new DamagedStill('has no picture in it');
  if (!segments.some(({ marker }) => marker === 0xda)) throw new DamagedStill('has no picture in it');
  const bits = file[frame.start] as number;
  const height = file.readUInt16BE(frame.start + 1);
  const width = file.readUInt16BE(frame.start + 3);
  const count = file[frame.start + 5] as number;
  if (width === 0 || height === 0 || frame.start + 6 + count * 3 > frame.end) {
    throw new DamagedStill(`has a damaged header (${width}×${height} pixels, ${count} components)`);
  }
  const components = Array.from({ length: count }, (_, k) => {
    const at = frame.start + 6 + k * 3;
    const sampling = file[at + 1] as number;
    return { id: file[at] as number, across: sampling >> 4, down: sampling & 15, table: file[at + 2] as number };
  });
  const pixelFormat = bits === 8 && frame.marker <= 0xc2 ? formatOf(components, file, segments) : null;
  return {
    width,
    height,
    orientation: orientationIn(file, segments),
    pixelFormat,
    transfer: null,
    rate: null,
    obstacle: obstacleOf(frame.marker, pixelFormat, segments),
    note: 'JPEG stills: outside the matte, samples in an 8 by 8 block that the matte touches may change a little by compressing the block again; all other blocks stay exactly as they are',
    components,
    segments,
  };
}

const EXIF = 'Exif\0\0';

/** Of the first EXIF block, as readers do that know of one only. */
function orientationIn(file: Buffer, segments: readonly JpegSegment[]): Orientation {
  const block = segments.find(
    ({ marker, start, end }) => marker === 0xe1 && file.toString('latin1', start, Math.min(end, start + 6)) === EXIF,
  );
  return block ? exifOrientation(file.subarray(block.start + EXIF.length, block.end)) : 1;
}

export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function obstacleOf(marker: number, pixelFormat: string | null, segments: readonly JpegSegment[]): string | null {
  if (marker > 0xc2) return `${SOF_NAMES[marker] ?? 'this form of'} JPEG cannot be written back`;
  if (pixelFormat === null) return 'its colours (not 8-bit grey or YCbCr) cannot be written back';
  return segments.some((segment) => segment.marker === 0xc4) ? null : 'it has no Huffman tables of its own';
}

function readSegments(file: Buffer): JpegSegment[] {
  const segments: JpegSegment[] = [];
  for (let at = 2; ; ) {
    // Any number of fill bytes may stand before a marker.
    while (file[at] === 0xff && file[at + 1] === 0xff) at++;
    const marker = file[at + 1];
    if (marker === undefined) throw cutOff(file);
    if (file[at] !== 0xff || marker < 0xc0) {
      throw new DamagedStill(`is damaged: no marker where one should be, at byte ${at}`);
    }
    if (marker === 0xd9) return segments;
    if (at + 4 > file.length) throw cutOff(file);
    const start = at + 4;
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end < start) throw new DamagedStill(`is damaged: a segment of no length at byte ${at}`);
    if (end > file.length) throw cutOff(file);
    const scanEnd = marker === 0xda ? endOfScan(file, end) : end;
    segments.push({ marker, start, end, scanEnd });
    at = scanEnd;
  }
}

/** The first marker that is not a part of the scan (not a stuffed byte, nor a restart). */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const marker = file[at + 1];
    if (marker === undefined) break;
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return at;
  }
  throw cutOff(file);
}

function cutOff(file: Buffer): DamagedStill {
  return new DamagedStill(`is cut off after ${file.length} bytes, before its end mark`);
}

function formatOf(components: readonly JpegComponent[], file: Buffer, segments: readonly JpegSegment[]): string | null {
  const [luma, ...chroma] = components;
  if (!luma) return null;
  if (chroma.length === 0) return 'gray';
  const [blue, red] = chroma;
  if (!blue || !red || chroma.length > 2 || blue.across !== red.across || blue.down !== red.down) return null;
  const named = components.map(({ id }) => String.fromCharCode(id)).join('');
  // Adobe's segment says whether three components are YCbCr (1) or RGB (0).
  const adobe = segments.find(
    ({ marker, start, end }) =>
      marker === 0xee && end - start >= 12 && file.toString('latin1', start, start + 5) === 'Adobe',
  );
  if (named === 'RGB' || (adobe && file[adobe.start + 11] === 0)) return null;
  return FORMATS[`${luma.across / blue.across}×${luma.down / blue.down}`] ?? null;
}
