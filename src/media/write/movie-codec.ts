import { extname } from 'node:path';
import { OutputError } from '../../disk/output-error.ts';
import { describeMastering, type Hdr10 } from '../../film/hdr.ts';
import type { SampleFormat } from '../../film/sample-format.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';

export type CodecName = 'ffv1' | 'prores' | 'prores4444' | 'dnxhr' | 'h264' | 'h265';

/** How a codec is used. */
export interface MovieCodec {
  readonly name: CodecName;
  /** For people. */
  readonly title: string;
  /** ffmpeg's encoder, and its name of the codec. */
  readonly encoder: string;
  readonly codec: string;
  /** Extensions of the containers that hold it. */
  readonly containers: readonly string[];
  /** True where every frame stands alone, so that takes can be joined as they are. */
  readonly intra: boolean;
  readonly lossless: boolean;
  /** False where players take it for video range whatever is tagged. */
  readonly fullRange: boolean;
  /** Pixel formats worth using, the simplest first. */
  readonly formats: readonly string[];
  /** Bytes a pixel of a frame, roughly. */
  readonly bytesPerPixel: number;
  /** True where its encoder is told of HDR10's mastering display and light levels. */
  readonly hdr10: boolean;
  options(pixelFormat: string, pixels: number, hdr10?: Hdr10): readonly string[];
}

/** Full HD has enough rows for 16 slices a frame; the count is fixed, or it would follow the number of cores. */
const FFV1_SLICES = (pixels: number) => (pixels >= 1_000_000 ? 16 : 4);

const CODECS: Readonly<Record<CodecName, MovieCodec>> = {
  ffv1: {
    name: 'ffv1',
    title: 'FFV1',
    encoder: 'ffv1',
    codec: 'ffv1',
    containers: ['.mkv'],
    intra: true,
    lossless: true,
    fullRange: true,
    hdr10: false,
    formats: [],
    bytesPerPixel: 2.5,
    // RFC 9043: version 3, every frame a key frame, a checksum a slice.
    options: (_, pixels) => ['-level', '3', '-g', '1', '-slicecrc', '1', '-slices', `${FFV1_SLICES(pixels)}`],
  },
  prores: {
    name: 'prores',
    title: 'ProRes 422 HQ',
    encoder: 'prores_ks',
    codec: 'prores',
    containers: ['.mov', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: false,
    hdr10: false,
    formats: ['yuv422p10le'],
    bytesPerPixel: 0.45,
    options: () => ['-profile:v', 'hq', '-vendor', 'apl0'],
  },
  prores4444: {
    name: 'prores4444',
    title: 'ProRes 4444',
    encoder: 'prores_ks',
    codec: 'prores',
    containers: ['.mov', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: false,
    hdr10: false,
    formats: ['yuv444p10le', 'yuva444p10le'],
    bytesPerPixel: 0.7,
    options: () => ['-profile:v', '4444', '-vendor', 'apl0'],
  },
  dnxhr: {
    name: 'dnxhr',
    title: 'DNxHR',
    encoder: 'dnxhd',
    codec: 'dnxhd',
    containers: ['.mov', '.mxf', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: false,
    hdr10: false,
    formats: ['yuv422p', 'yuv422p10le', 'yuv444p10le', 'gbrp10le'],
    bytesPerPixel: 0.7,
    options: (format) => [
      '-profile:v',
      format === 'yuv422p' ? 'dnxhr_hq' : format === 'yuv422p10le' ? 'dnxhr_hqx' : 'dnxhr_444',
    ],
  },
  h264: {
    name: 'h264',
    title: 'H.264',
    encoder: 'libx264',
    codec: 'h264',
    containers: ['.mp4', '.mov', '.mkv'],
    intra: false,
    lossless: false,
    fullRange: true,
    hdr10: false,
    formats: ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le'],
    bytesPerPixel: 0.3,
    // A rate factor of 12 is commonly taken for visually lossless with room to spare; x264's own default is 23.
    options: () => ['-crf', '12', '-preset', 'medium'],
  },
  h265: {
    name: 'h265',
    title: 'H.265',
    encoder: 'libx265',
    codec: 'hevc',
    containers: ['.mp4', '.mov', '.mkv'],
    intra: false,
    lossless: false,
    fullRange: true,
    hdr10: true,
    formats: [
      'yuv420p',
      'yuv422p',
      'yuv444p',
      'yuv420p10le',
      'yuv422p10le',
      'yuv444p10le',
      'yuv420p12le',
      'yuv422p12le',
      'yuv444p12le',
    ],
    bytesPerPixel: 0.25,
    options: (_format, _pixels, hdr10) => [
      ...['-crf', '14', '-preset', 'medium', '-tag:v', 'hvc1'],
      ...['-x265-params', ['log-level=error', ...x265Hdr10(hdr10)].join(':')],
    ],
  },
};

function x265Hdr10({ mastering, light }: Hdr10 = {}): string[] {
  return [
    ...(mastering ? [`master-display=${describeMastering(mastering)}`] : []),
    ...(light ? [`max-cll=${light.max},${light.average}`] : []),
  ];
}

/** What a person may write for `--codec`. */
export const CODEC_NAMES = Object.keys(CODECS) as readonly CodecName[];

/**
 * The codec for an output file: by name, else by the file's extension (`.mkv` FFV1, `.mov` ProRes 422 HQ, or 4444 where the samples
 * are RGB, 4:4:4 or have alpha, `.mp4` H.264).
 *
 * @throws OutputError where the container cannot hold it, or ffmpeg lacks the encoder.
 */
export async function chooseCodec(
  out: string,
  name: string | undefined,
  format: SampleFormat,
  ffmpeg: Ffmpeg,
): Promise<MovieCodec> {
  const extension = extname(out).toLowerCase();
  const byExtension: Readonly<Record<string, CodecName>> = {
    '.mkv': 'ffv1',
    '.mov': isFullChroma(format) ? 'prores4444' : 'prores',
    '.mp4': 'h264',
    '.mxf': 'dnxhr',
  };
  const chosen = name ?? byExtension[extension];
  if (!chosen) {
    throw new OutputError(
      out,
      `"${out}": a movie ends in .mkv, .mov or .mp4, a folder in nothing. Change the name of --out.`,
    );
  }
  const codec = CODECS[chosen as CodecName];
  if (!codec) {
    throw new OutputError(out, `"${chosen}" is not a codec. --codec takes one of: ${CODEC_NAMES.join(', ')}.`);
  }
  if (!codec.containers.includes(extension)) {
    throw new OutputError(
      out,
      `"${out}": ${codec.title} is not kept in ${extension || 'a folder'}. Name --out with ${codec.containers.join(' or ')}, or choose another --codec.`,
    );
  }
  if (!(await ffmpeg.hasEncoder(codec.encoder))) {
    throw new OutputError(
      out,
      `"${out}": ffmpeg ${ffmpeg.version} lacks the encoder ${codec.encoder}. Use an ffmpeg built with it (--ffmpeg), or choose another --codec.`,
    );
  }
  return codec;
}

/** FFV1 for takes that wait for a codec with inter-frame coding; in QuickTime, since Matroska would round their times to ms. */
export function losslessCodec(): MovieCodec {
  return { ...CODECS.ffv1, containers: ['.mov'] };
}

export function isFullChroma(format: SampleFormat): boolean {
  return format.model !== 'gray' && format.planes.every((plane) => plane.shiftX === 0 && plane.shiftY === 0);
}

/** In which pixel format the samples are written. */
export interface CodedFormat {
  readonly pixelFormat: string;
  /** False where samples are converted on the way. */
  readonly exact: boolean;
  /** What is lost, as a sentence. */
  readonly note?: string;
}

/** @throws OutputError where the codec could hold the picture only by damaging it. */
export async function codedFormat(
  out: string,
  codec: MovieCodec,
  picture: { readonly format: SampleFormat; readonly width: number; readonly height: number },
  ffmpeg: Ffmpeg,
): Promise<CodedFormat> {
  const { format } = picture;
  const supported = await ffmpeg.formatsOf(codec.encoder);
  if (format.kind === 'float') {
    throw new OutputError(
      out,
      `"${out}": ${codec.title} holds whole numbers only; the scene light of ${format.name} would be clipped and rounded. Name a folder with --out: frames are then written as EXR.`,
    );
  }
  // Packed spellings of the same samples, for encoders without the planar ones.
  const same = [format.name, ...(format.name === 'gbrp' ? ['bgr0'] : format.name === 'gbrap' ? ['bgra'] : [])];
  const exact = same.find((name) => supported.has(name) && (codec.lossless || codec.formats.includes(name)));
  if (exact) return { pixelFormat: exact, exact: true };
  if (codec.lossless) {
    throw new OutputError(
      out,
      `"${out}": ${codec.title} of ffmpeg ${ffmpeg.version} cannot hold ${format.name} without loss. Choose .mov or .mp4, or a newer ffmpeg.`,
    );
  }
  const needs = traitsOf(format.name);
  const usable = codec.formats.filter((name) => supported.has(name) && fits(name, picture));
  const holds = (name: string, bits: number) => {
    const has = traitsOf(name);
    return has.bits >= bits && has.chroma >= needs.chroma && has.alpha >= needs.alpha && !(has.rgb && !needs.rgb);
  };
  const best =
    usable.find((name) => holds(name, needs.bits)) ??
    usable.findLast((name) => holds(name, 8)) ??
    usable.findLast((name) => !traitsOf(name).rgb);
  if (!best)
    throw new OutputError(
      out,
      `"${out}": ${codec.title} cannot hold a picture of ${picture.width} × ${picture.height}. Choose .mkv.`,
    );
  const has = traitsOf(best);
  const losses = [
    ...(has.bits < needs.bits ? [`${needs.bits} bits become ${has.bits}`] : []),
    ...(has.chroma < needs.chroma ? ['colour is kept at a lower resolution'] : []),
    ...(has.alpha < needs.alpha ? ['the alpha channel is lost'] : []),
  ];
  const lost = losses.length > 0 ? `: ${losses.join(', ')}` : '';
  return {
    pixelFormat: best,
    exact: false,
    note: `${codec.title} is written as ${best}; the source's ${format.name} is converted${lost}.`,
  };
}

function traitsOf(name: string) {
  const bits = Number(/(?:p|gray)(\d+)le$/.exec(name)?.[1] ?? 8);
  const rgb = /^gbr|^bgr/.test(name);
  const chroma = rgb || /444/.test(name) ? 444 : /422|411|440/.test(name) ? 422 : 420;
  return { bits, rgb, chroma, alpha: /^(yuva|gbrap|bgra)/.test(name) ? 1 : 0 };
}

/** x264 and x265 want whole chroma sites. */
function fits(name: string, { width, height }: { readonly width: number; readonly height: number }): boolean {
  const { chroma } = traitsOf(name);
  return (chroma === 444 || width % 2 === 0) && (chroma !== 420 || height % 2 === 0);
}
