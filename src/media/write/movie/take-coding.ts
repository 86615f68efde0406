import { extname } from 'node:path';
import type { ColourTags } from '../../../film/colour.ts';
import type { FrameRange } from '../../../film/range.ts';
import { equalRational, formatRational, rational } from '../../../film/rational.ts';
import { type Reel, storedAs } from '../../../film/reel.ts';
import type { SampleFormat } from '../../../film/sample-format.ts';
import { storedFormatOf } from '../../read/decode.ts';
import type { MovieCodec } from '../codec-facts.ts';
import type { CodedFormat } from '../coded-format.ts';
import { takeTimes, timeUnit } from './retime.ts';

/** Pictures as they are handed to an encoder: those of a movie as stored, since it keeps how it is turned; those of stills upright. */
export interface CodedPicture {
  readonly format: SampleFormat;
  readonly width: number;
  readonly height: number;
}

export function codedPicture(reel: Reel): CodedPicture {
  if (reel.kind === 'folder') return reel;
  const { width, height } = storedAs(reel, 0);
  return { format: storedFormatOf(reel), width, height };
}

/** How the plates of a reel become packets of a codec: the same for frames that pass through this process and for copied takes. */
export interface TakeCoding {
  readonly reel: Reel;
  readonly codec: MovieCodec;
  readonly coded: CodedFormat;
  /** The tags that the output gets. */
  readonly colour: ColourTags;
  /** True where chroma of interlaced frames is converted field by field. */
  readonly byField?: true;
}

export function takeCoding(reel: Reel, codec: MovieCodec, coded: CodedFormat): TakeCoding {
  return { reel, codec, coded, colour: codedColour(reel, codec, coded) };
}

/** Extension of a take's file: the container in which the codec is most at home. */
export function takeExtension(codec: MovieCodec): string {
  return codec.containers[0] ?? '.mkv';
}

/** Filters from the source's samples to the encoder's, with the tags that encoders read from frames. */
export function codingFilters({ reel, codec, coded, colour, byField }: TakeCoding): string[] {
  const filters: string[] = [];
  const toYuv = !coded.exact && !/^(gbr|bgr|rgb)/.test(coded.pixelFormat);
  if (toYuv) {
    const from = reel.format.model === 'rgb' ? '' : `:in_range=${isFullRange(reel) ? 'pc' : 'tv'}`;
    const matrix = reel.format.model === 'rgb' ? ':out_color_matrix=bt709' : '';
    const range = codec.fullRange && reel.format.model !== 'rgb' && isFullRange(reel) ? 'pc' : 'tv';
    filters.push(
      `scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp${from}${matrix}:out_range=${range}${byField ? ':interl=1' : ''}`,
      `format=${coded.pixelFormat}`,
    );
  }
  const tags = [
    ...(colour.range ? [`range=${colour.range}`] : []),
    ...(colour.primaries ? [`color_primaries=${colour.primaries}`] : []),
    // What source and output disagree about must not come along with the frames of a copied take; see `agreedColour`.
    `color_trc=${colour.transfer ?? 'unknown'}`,
    ...(colour.matrix ? [`colorspace=${colour.matrix}`] : []),
    ...(isInterlaced(reel) ? [`field_mode=${topFirst(reel) ? 'tff' : 'bff'}`] : []),
  ];
  filters.push(`setparams=${tags.join(':')}`);
  if (reel.pixelAspect && !equalRational(reel.pixelAspect, rational(1))) {
    filters.push(`setsar=${reel.pixelAspect.num}/${reel.pixelAspect.den}`);
  }
  return filters;
}

/** The encoder's options and the container's tags. `+bitexact` keeps versions and random identifiers out: the same take has the same hash. */
export function codecOptions({ reel, codec, coded, colour }: TakeCoding): string[] {
  return [
    ...[
      '-c:v',
      codec.encoder,
      ...codec.options(coded.pixelFormat, reel.width * reel.height, reel.kind === 'movie' ? reel.hdr10 : undefined),
      '-pix_fmt',
      coded.pixelFormat,
    ],
    ...colourOptions(colour),
    ...[
      '-flags:v',
      isInterlaced(reel) && codec.interlaced ? '+bitexact+ildct+ilme' : '+bitexact',
      '-fflags',
      '+bitexact',
    ],
  ];
}

/** Filters for one take's frames: what the encoder needs, and their times. */
export function takeFilters(coding: TakeCoding, take: FrameRange): string[] {
  return [...codingFilters(coding), ...takeTimes(coding.reel, take)];
}

/** Options that write one take's file. */
export function takeOptions(coding: TakeCoding): string[] {
  const { reel, codec } = coding;
  return [
    ...codecOptions(coding),
    ...['-enc_time_base', formatRational(timeUnit(reel))],
    ...containerOptions(reel, takeExtension(codec)),
    ...(takeExtension(codec) === '.mov' ? ['-write_tmcd', '0'] : []),
  ];
}

/** The muxer of a file name, and time units in which the reel's frame times are whole. */
export function containerOptions(reel: Reel, path: string): string[] {
  const extension = extname(path).toLowerCase() || path;
  const muxer = { '.mkv': 'matroska', '.mov': 'mov', '.mp4': 'mp4', '.mxf': 'mxf' }[extension] ?? 'matroska';
  const scale = timeUnit(reel).den;
  const timescale = extension === '.mov' || extension === '.mp4' ? ['-video_track_timescale', `${scale}`] : [];
  return ['-f', muxer, ...timescale];
}

export function colourOptions(colour: ColourTags): string[] {
  return [
    ...(colour.range ? ['-color_range', colour.range] : []),
    ...(colour.primaries ? ['-color_primaries', colour.primaries] : []),
    ...(colour.transfer ? ['-color_trc', TRANSFER_OPTIONS[colour.transfer] ?? colour.transfer] : []),
    ...(colour.matrix ? ['-colorspace', colour.matrix] : []),
    ...(colour.chromaLocation ? ['-chroma_sample_location', colour.chromaLocation] : []),
  ];
}

/** Where the option's word differs from the one that ffprobe reports. */
const TRANSFER_OPTIONS: Readonly<Record<string, string>> = {
  bt470m: 'gamma22',
  bt470bg: 'gamma28',
  log100: 'log',
  log316: 'log_sqrt',
  bt1361e: 'bt1361',
};

function codedColour(reel: Reel, codec: MovieCodec, coded: CodedFormat): ColourTags {
  const { colour } = reel;
  if (coded.exact) return proresMatrix(colour, codec);
  if (/^(gbr|rgb)/.test(coded.pixelFormat)) return colour;
  if (reel.format.model === 'rgb') return { ...colour, matrix: 'bt709', range: 'tv' };
  const range = codec.fullRange && isFullRange(reel) ? 'pc' : 'tv';
  return proresMatrix({ ...colour, range }, codec);
}

/** A ProRes frame header has no code for `bt470bg`, and reads back as RGB; `smpte170m` is the same matrix (SMPTE RDD 36 table 6). */
function proresMatrix(colour: ColourTags, codec: MovieCodec): ColourTags {
  return codec.codec === 'prores' && colour.matrix === 'bt470bg' ? { ...colour, matrix: 'smpte170m' } : colour;
}

/** Whether code values reach from 0 to the largest: as tagged; untagged, RGB and `yuvj` formats do, YUV and grey video do not. */
export function isFullRange({ colour, pixelFormat, format, kind }: Reel): boolean {
  if (colour.range) return colour.range === 'pc';
  return pixelFormat.startsWith('yuvj') || format.model === 'rgb' || (format.model === 'gray' && kind === 'folder');
}

export function isInterlaced(reel: Reel): boolean {
  return reel.kind === 'movie' && reel.fields !== 'progressive';
}

/** ffmpeg names the field that is coded first, then the one that is shown first; they differ only in old formats. */
export function topFirst(reel: Reel): boolean {
  return reel.kind === 'movie' && (reel.fields === 'tt' || reel.fields === 'tb');
}
