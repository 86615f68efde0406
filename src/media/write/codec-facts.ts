import { describeMastering, type Hdr10 } from '../../film/hdr.ts';

/** What people decide of an encoder; what they leave out is the codec's own for restored movies. */
export interface EncoderSettings {
  /** ProRes and DNxHR: the encoder's name of the profile; of DNxHR absent where the samples choose it. */
  readonly profile?: string | undefined;
  /** H.264 and H.265: rate factor of constant quality, lower is better. */
  readonly rateFactor?: number | undefined;
  /** H.264 and H.265: the encoders' own preset, such as `medium`. */
  readonly speed?: string | undefined;
  /** Further options of ffmpeg's, each behind its name. */
  readonly more?: readonly string[] | undefined;
}

/** How a codec is used. */
export interface MovieCodec {
  /** For people. */
  readonly title: string;
  /** ffmpeg's encoder, and its name of the codec. */
  readonly encoder: string;
  readonly codec: string;
  /** Extensions of the containers that hold it; takes are kept in the first. */
  readonly containers: readonly string[];
  /** True where every frame stands alone, so that takes can be joined as they are. */
  readonly intra: boolean;
  readonly lossless: boolean;
  /** False where players take it for video range whatever is tagged. */
  readonly fullRange: boolean;
  /** False where its encoder takes whole frames only: fields are then coded as lines of a frame, which keeps them, but less well. */
  readonly interlaced: boolean;
  /** The smallest picture that its encoder takes; absent where it takes any. */
  readonly least?: { readonly width: number; readonly height: number };
  /** Pixel formats worth using, the simplest first. */
  readonly formats: readonly string[];
  /** Bytes a pixel of a frame, roughly. */
  readonly bytesPerPixel: number;
  /** True where its encoder is told of HDR10's mastering display and light levels. */
  readonly hdr10: boolean;
  options(pixelFormat: string, pixels: number, hdr10?: Hdr10): readonly string[];
}

/** What a codec is, whatever people decide of its encoder. */
interface CodecFacts extends Omit<MovieCodec, 'options'> {
  options(
    settings: EncoderSettings,
    picture: { readonly pixelFormat: string; readonly pixels: number; readonly hdr10?: Hdr10 | undefined },
  ): readonly string[];
}

export type CodecFamily = 'ffv1' | 'prores' | 'dnxhr' | 'mjpeg' | 'h264' | 'h265';

/** Full HD has enough rows for 16 slices a frame; the count is fixed, or it would follow the number of cores. */
const FFV1_SLICES = (pixels: number) => (pixels >= 1_000_000 ? 16 : 4);

/**
 * Threads of encoders whose bytes depend on how many there are, whatever cores a machine has or allows: the same pictures are the same
 * file on all machines. Those of x265 are frames in flight; their cost is a little quality, so that there are fewer.
 */
const FIXED_THREADS: Readonly<Record<string, number>> = { libx264: 8, libx265: 3, mpeg2video: 8 };

/** The option that gives an encoder its threads, where its bytes depend on them and nobody has decided. */
export function fixedThreads(encoder: string, options: readonly string[]): readonly string[] {
  const threads = FIXED_THREADS[encoder];
  return threads === undefined || options.includes('-threads') ? [] : ['-threads', `${threads}`];
}

const X26X_CONTAINERS = ['.mp4', '.mov', '.mkv'];

const FACTS: Readonly<Record<CodecFamily, CodecFacts>> = {
  ffv1: {
    title: 'FFV1',
    encoder: 'ffv1',
    codec: 'ffv1',
    containers: ['.mkv'],
    intra: true,
    lossless: true,
    fullRange: true,
    interlaced: true,
    hdr10: false,
    formats: [],
    bytesPerPixel: 2.5,
    // RFC 9043: version 3, every frame a key frame, a checksum a slice.
    options: (_, { pixels }) => ['-level', '3', '-g', '1', '-slicecrc', '1', '-slices', `${FFV1_SLICES(pixels)}`],
  },
  prores: {
    title: 'ProRes',
    encoder: 'prores_ks',
    codec: 'prores',
    containers: ['.mov', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: false,
    interlaced: true,
    hdr10: false,
    formats: ['yuv422p10le'],
    bytesPerPixel: 0.45,
    options: ({ profile = 'hq' }) => ['-profile:v', profile, '-vendor', 'apl0'],
  },
  dnxhr: {
    title: 'DNxHR',
    encoder: 'dnxhd',
    codec: 'dnxhd',
    containers: ['.mov', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: false,
    interlaced: false,
    hdr10: false,
    least: { width: 256, height: 120 },
    formats: ['yuv422p', 'yuv422p10le', 'yuv444p10le', 'gbrp10le'],
    bytesPerPixel: 0.7,
    options: ({ profile }, { pixelFormat: format }) => [
      '-profile:v',
      profile ?? (format === 'yuv422p' ? 'dnxhr_hq' : format === 'yuv422p10le' ? 'dnxhr_hqx' : 'dnxhr_444'),
    ],
  },
  mjpeg: {
    title: 'Motion JPEG',
    encoder: 'mjpeg',
    codec: 'mjpeg',
    containers: ['.mov', '.mkv'],
    intra: true,
    lossless: false,
    fullRange: true,
    interlaced: false,
    hdr10: false,
    formats: ['yuvj420p', 'yuvj422p', 'yuvj444p'],
    bytesPerPixel: 0.5,
    // The encoder's finest quantisation but one, which doubles the file for what nobody sees.
    options: () => ['-q:v', '2'],
  },
  h264: {
    title: 'H.264',
    encoder: 'libx264',
    codec: 'h264',
    containers: X26X_CONTAINERS,
    intra: false,
    lossless: false,
    fullRange: true,
    interlaced: true,
    hdr10: false,
    formats: ['yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10le', 'yuv422p10le', 'yuv444p10le'],
    bytesPerPixel: 0.3,
    // A rate factor of 12 is commonly taken for visually lossless with room to spare; x264's own default is 23.
    options: ({ rateFactor = 12, speed = 'medium' }) => ['-crf', `${rateFactor}`, '-preset', speed],
  },
  h265: {
    title: 'H.265',
    encoder: 'libx265',
    codec: 'hevc',
    containers: X26X_CONTAINERS,
    intra: false,
    lossless: false,
    fullRange: true,
    interlaced: true,
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
    options: ({ rateFactor = 14, speed = 'medium' }, { hdr10 }) => [
      ...['-crf', `${rateFactor}`, '-preset', speed, '-tag:v', 'hvc1'],
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

/** A codec whose encoder is set so; with other facts where they are given. */
export function codecWith(
  family: CodecFamily,
  settings: EncoderSettings = {},
  facts: Partial<Omit<MovieCodec, 'options'>> = {},
): MovieCodec {
  const { options, ...own } = FACTS[family];
  return {
    ...own,
    ...facts,
    options: (pixelFormat, pixels, hdr10) => [
      ...options(settings, { pixelFormat, pixels, hdr10 }),
      ...(settings.more ?? []),
      ...fixedThreads(own.encoder, settings.more ?? []),
    ],
  };
}
